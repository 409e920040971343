"""Gestures on a screen drawn by AppTest, by the words of screens.md."""

from weakref import WeakKeyDictionary


def field(app, label):
    """The text field called `label`, as a reader sees it."""
    return next(found for found in app.text_input if found.label.replace("\\", "") == label)


def fill_in(app, **typed):
    """Type in fields named by the keys of the page, without sending anything."""
    for key, words in typed.items():
        app.text_input(key=key).set_value(words)
    return app


def click(app, label):
    """Click the button called `label`; the screen must survive it."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def click_twice(app, label):
    """Click the button called `label` once more before the screen has answered."""
    next(button for button in app.button if button.label == label).click()
    sent = app._tree.get_widget_states()
    for idle in [state for state in sent.widgets if state.HasField("trigger_value") and not state.trigger_value]:
        sent.widgets.remove(idle)  # a browser does not send them
    app._run(sent)
    app._run(sent)
    assert not app.exception
    return app


def choose(app, label, option):
    """Take `option` of the radio or the row of choices called `label`."""
    next(found for found in (*app.radio, *app.segmented_control) if found.label == label).set_value(option).run()
    assert not app.exception
    return app


def buttons(app):
    return [button.label for button in app.button]


def alerts(app):
    """What the coloured boxes say, whatever kind of blank stands between the words."""
    boxes = (*app.error, *app.warning, *app.success, *app.info)
    return [" ".join(box.value.split()) for box in boxes]


def ticket(app):
    """The ticket that the screen hands to the browser; None when it hands none."""
    return app.session_state["errand"]["ticket"] if "errand" in app.session_state else None


# What each screen has drawn so far, by key.
_drawn = WeakKeyDictionary()


def control(app, key):
    """The field `key`, of the last run that drew it: as in a browser, it stays when a fragment runs alone."""
    drawn = _drawn.setdefault(app, {})
    drawn |= {element.key: element for element in (*app.text_input, *app.multiselect, *app.selectbox)}
    return drawn[key]

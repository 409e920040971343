"""The HTTP edge: routes and middleware around Streamlit, without any rule of the association."""

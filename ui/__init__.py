"""What the screens share; with pages/ and Home.py the only place that knows Streamlit."""

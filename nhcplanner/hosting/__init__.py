"""What a hosted app needs besides pages: settings, roles, shares, records, audit, queue, metrics.

Nothing here knows Streamlit. Pages pass what they know of the user as plain values.
"""

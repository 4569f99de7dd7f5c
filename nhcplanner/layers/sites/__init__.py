"""Sites: users' own lists, official lists and buildings of OpenStreetMap."""

"""Sites: users' own lists, official ones and buildings of OpenStreetMap."""

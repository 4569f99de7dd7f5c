from nhcplanner.models.start import Hunt


def least_travel(problem, hunt: Hunt):
    return None

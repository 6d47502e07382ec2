"""Trajectories of clients and counts over them: corrections, standing, progress, occupancy, outcomes. Pure projections.

Not here: benefits (``caseload``), reports of providers beside their events (``checks``).
"""

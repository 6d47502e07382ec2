"""Benefits: counts of one delivery, stock, bridge, reasons of outflow. Pure projections.

Not here: events of trajectories (``trajectories``), comparing with what others report (``checks``).
"""

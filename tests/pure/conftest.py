from hypothesis import HealthCheck, settings

# A busy machine is slow at times; that is no failure.
settings.register_profile("phoneline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("phoneline")

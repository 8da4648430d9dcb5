"""The sensor readings sample: three rooms, seen by three imperfect sensors.

Each reading is one room at one moment: light (``lux``), air temperature (``temperatura``, °C) and
vibration of the floor (``vibracao``, mm/s RMS), and the room's state as a person noted it. The
numbers are generated, always the same from the same seed, in this way:

- the state is ``escuro_frio`` (a store room, lights off), ``escritorio`` or ``sala_de_maquinas``,
  in the shares 30, 40 and 30 %;
- light and vibration are log-normal, temperature is normal, around each state's typical values;
- an office is dark at times (8 %: blinds down) and a machine room stands still at times (8 %),
  which is where the states overlap;
- the sensors are noisy (light 8 %, temperature 0.6 °C, vibration 10 %) and drift over the period:
  at its end the light sensor shows 15 % too little, the temperature sensor 1.2 °C too much and the
  vibration sensor 20 % too much;
- two labels in a hundred were noted at random, as people's notes are.

No model can be right more often than about 98 times in 100.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SEED = 42
ROWS = 3000
STATES = ("escuro_frio", "escritorio", "sala_de_maquinas")
_SHARES = (0.3, 0.4, 0.3)
_LUX = (20.0, 420.0, 230.0)
_LUX_SPREAD = (0.7, 0.35, 0.45)
_TEMPERATURE = (14.0, 22.5, 29.0)
_TEMPERATURE_SPREAD = (2.2, 1.6, 3.0)
_VIBRATION = (0.35, 0.6, 4.5)
_VIBRATION_SPREAD = (0.4, 0.4, 0.4)
_UNUSUAL = 0.08
_WRONG_LABEL = 0.02


def readings(rows: int = ROWS, seed: int = SEED) -> pd.DataFrame:
    """Return the readings in the order of time.

    Parameters
    ----------
    rows : int
        How many, 1 or more.
    seed : int
        Of NumPy's PCG64 generator.

    Returns
    -------
    DataFrame
        ``lux`` (0 and up), ``temperatura`` (°C), ``vibracao`` (mm/s, 0 and up) and ``estado``.

    Examples
    --------
    >>> list(readings(3))
    ['lux', 'temperatura', 'vibracao', 'estado']
    """
    random = np.random.default_rng(seed)
    state = random.choice(3, rows, p=_SHARES)
    time = np.linspace(0.0, 1.0, rows)

    def typical(values: tuple[float, ...]) -> np.ndarray:
        return np.array(values)[state]

    lux = typical(_LUX) * np.exp(typical(_LUX_SPREAD) * random.standard_normal(rows))
    temperature = typical(_TEMPERATURE) + typical(_TEMPERATURE_SPREAD) * random.standard_normal(
        rows
    )
    vibration = typical(_VIBRATION) * np.exp(
        typical(_VIBRATION_SPREAD) * random.standard_normal(rows)
    )
    unusual = random.random(rows) < _UNUSUAL
    lux[unusual & (state == 1)] *= 0.08
    vibration[unusual & (state == 2)] *= 0.15

    lux *= (1 - 0.15 * time) * (1 + 0.08 * random.standard_normal(rows))
    temperature += 1.2 * time + 0.6 * random.standard_normal(rows)
    vibration *= (1 + 0.2 * time) * (1 + 0.1 * random.standard_normal(rows))

    wrong = random.random(rows) < _WRONG_LABEL
    noted = np.where(wrong, random.choice(3, rows, p=_SHARES), state)
    return pd.DataFrame(
        {
            "lux": lux.clip(0).round(1),
            "temperatura": temperature.round(1),
            "vibracao": vibration.clip(0).round(2),
            "estado": np.array(STATES)[noted],
        }
    )

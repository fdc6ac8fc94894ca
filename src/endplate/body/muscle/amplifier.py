"""What the EMG machine does to a potential: noise of the amplifier, then its filters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import values_of


def add_noise_and_filters(
    signal_mv: NDArray[np.float64],
    *,
    sampling_hz: float,
    key: np.uint64,
    first_sweep: int = 0,
    noise_mv: float | None = None,
    highpass_hz: float | None = None,
    lowpass_hz: float | None = None,
) -> NDArray[np.float64]:
    """Return sweeps as an amplifier passes them on: white noise added, then Butterworth filters.

    Parameters
    ----------
    signal_mv
        (sweep, time); left as it is. [mV]
    sampling_hz
        Of the sweeps. [Hz]
    key
        From :func:`endplate.foundation.random.stream`; noise is counted by sweep and sample.
    first_sweep
        Number of the first sweep in the session, so that blocks of one session differ.
    noise_mv, highpass_hz, lowpass_hz
        Noise before the filters, root mean square; corner frequencies. 0 switches one off; by
        default the parameters ``amplifier.*``. A low-pass at or above half the sampling rate is
        left out: the sampling itself is narrower. [mV, Hz]

    Returns
    -------
    numpy.ndarray
        (sweep, time). [mV]

    Raises
    ------
    InputError
        If a number is out of range or the corners are in the wrong order.

    Notes
    -----
    Causal filters of second order (12 dB an octave), each sweep from rest; so the high-pass lets a
    sweep sag after a long potential, as machines do. Leaves out mains hum and the stimulus artefact.

    Examples
    --------
    >>> from endplate.foundation.random import stream
    >>> quiet = add_noise_and_filters(np.zeros((1, 2000)), sampling_hz=20000.0, key=stream(1, "doc"), noise_mv=0.01)
    >>> bool(0.006 < quiet.std() < 0.011)
    True
    """
    from scipy.signal import butter, sosfilt

    c = values_of("body/muscle")
    noise = c["amplifier.noise"] if noise_mv is None else require_between("noise_mv", noise_mv, 0.0, 100.0, "In mV.")
    low = c["amplifier.highpass"] if highpass_hz is None else highpass_hz
    high = c["amplifier.lowpass"] if lowpass_hz is None else lowpass_hz
    rate = require_between("sampling_hz", sampling_hz, 100.0, 1e7, "It is in hertz: 10 kHz is 10000.")
    require_between("highpass_hz", low, 0.0, 0.49 * rate, "It must lie below half the sampling rate.")
    require_between("lowpass_hz", high, 0.0, 1e7)
    if high and low >= high:
        raise InputError(f"highpass_hz = {low:g} must lie below lowpass_hz = {high:g}. Are the two swapped?")
    signal = np.array(signal_mv, dtype=np.float64, order="C")
    if signal.ndim != 2:
        raise InputError(f"signal_mv needs dimensions (sweep, time), got shape {signal.shape}.")
    if noise:
        k.amplifier_noise(key, first_sweep, noise, signal)
    if low:
        signal = sosfilt(butter(2, low, "highpass", fs=rate, output="sos"), signal, axis=1)
    if high and high < 0.5 * rate:
        signal = sosfilt(butter(2, high, "lowpass", fs=rate, output="sos"), signal, axis=1)
    return np.asarray(signal)

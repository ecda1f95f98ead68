"""What is wrong with a sound that somebody chose, in words. Pure."""

from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.wav import NotPlayableError, Unfit

UNFIT = Phrases(
    {
        Unfit.SIZE: N_("Choose a WAV file of at most 4 megabytes."),
        Unfit.KIND: N_("This isn't a WAV file. Save the recording as WAV (PCM) and try again."),
        Unfit.FORM: N_("The carrier plays WAV files of 8 or 16 bits, mono or stereo, with 4000 to 96000 hertz."),
        Unfit.CUT: N_("The file is empty or cut off."),
    }
)


def told(error: NotPlayableError) -> str:
    lasts, bound = f"{error.lasts:.1f}", f"{error.bound:.1f}"
    match error.why:
        case Unfit.SHORT:
            return _("It lasts %(lasts)s seconds; at least %(bound)s are needed.", lasts=lasts, bound=bound)
        case Unfit.LONG:
            return _("It lasts %(lasts)s seconds; here at most %(bound)s fit.", lasts=lasts, bound=bound)
    return UNFIT[error.why]

using System.Diagnostics;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>Where this process kills itself, the way a failing machine or the kernel's memory killer would: by SIGKILL, without a last word.</summary>
internal sealed class CrashPoint
{
    private readonly string _moment;
    private readonly string _what;
    private readonly int _nth;
    private int _seen;

    private CrashPoint(string moment, string what, int nth)
    {
        _moment = moment;
        _what = what;
        _nth = nth;
    }

    /// <summary>Reads a point.</summary>
    /// <param name="text">
    /// When and at what: <c>before-append SnapshotAttempted</c>. The moments are those that the decorators of this program name; what it is about is the
    /// name of an event, a message or an HTTP method. A number after it means: not the first such, but that one.
    /// </param>
    public static CrashPoint Parse(string text) => text.Split(' ') switch
    {
        [var moment, var what] => new CrashPoint(moment, what, 1),
        [var moment, var what, var nth] => new CrashPoint(moment, what, int.Parse(nth, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"'{text}' names no point to crash at."),
    };

    /// <summary>Says where the program is; does not return if that is the point.</summary>
    public void Reached(string moment, string what)
    {
        if (!string.Equals(moment, _moment, StringComparison.Ordinal)
            || !string.Equals(what, _what, StringComparison.Ordinal)
            || Interlocked.Increment(ref _seen) != _nth)
        {
            return;
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may take its time; nothing is done meanwhile.
        self.WaitForExit();
    }
}

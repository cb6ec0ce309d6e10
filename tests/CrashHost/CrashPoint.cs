using System.Diagnostics;
using System.Globalization;

namespace DoSnapshot.CrashHost.Tests;

/// <summary>
/// Where this process kills itself, the way a failing machine or the kernel's memory killer would: by SIGKILL, without a last word. A test writes the
/// point into a file while the process runs; without the file there is none.
/// </summary>
/// <param name="file">
/// Holds when and at what: <c>before-append SnapshotAttempted</c>. The moments are those that the decorators of this program name; what it is about is the
/// name of an event, a message or an HTTP method. A number after it means: not the first such, but that one.
/// </param>
internal sealed class CrashPoint(string? file)
{
    private int _seen;

    /// <summary>Says where the program is; does not return if that is the point.</summary>
    public void Reached(string moment, string what)
    {
        if (file is null || !File.Exists(file))
        {
            return;
        }

        var point = File.ReadAllText(file).Split(' ');
        if (point is not [var when, var at, .. var number] || number.Length > 1)
        {
            throw new FormatException($"'{string.Join(' ', point)}' names no point to crash at.");
        }

        var nth = number.Length == 0 ? 1 : int.Parse(number[0], CultureInfo.InvariantCulture);
        if (!string.Equals(moment, when, StringComparison.Ordinal) || !string.Equals(what, at, StringComparison.Ordinal) || Interlocked.Increment(ref _seen) != nth)
        {
            return;
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal may take its time; nothing is done meanwhile.
        self.WaitForExit();
    }
}

using System.CommandLine;
using DoSnapshot.Cli.Questions;
using DoSnapshot.Hosting.Log;

namespace DoSnapshot.Cli.Rebuild;

/// <summary><c>rebuild</c>: the documents that are kept beside the log, compared with its events and made anew where they say something else.</summary>
internal static class RebuildCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "rebuild";

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(2);

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var check = new Option<bool>("--check") { Description = "Compare only, and change nothing. Ends with 1 if anything differs." };
        var shared = new QuestionOptions(isLocal: true);
        var command = new Command(
            Name,
            "Folds every event of the log anew, compares the result with the documents that decisions read, and puts right what differs. Services may run meanwhile.")
        {
            check,
        };
        shared.AddTo(command);
        command.SetAction((parsed, ct) => shared.AskOpenedAsync(
            parsed,
            (opened, _) => RunAsync(opened.ReadModels!, parsed.GetValue(check), shared.IsJson(parsed), Console.Out, Console.Error, TimeProvider.System, ct),
            byApi: null,
            ct));
        return command;
    }

    /// <summary>Runs it. 0 where in the end every document says what its events say, else 1.</summary>
    public static async Task<int> RunAsync(
        ReadModels models, bool checks, bool json, TextWriter output, TextWriter errors, TimeProvider clock, CancellationToken ct)
    {
        var progress = new Telling(errors, clock);
        var found = await models.CompareAsync(mends: !checks, progress.Tell, ct);
        // What was mended is looked at once more: the result is to be seen, not believed.
        var left = checks || found.Differing == 0 ? found : await models.CompareAsync(mends: false, progress.Tell, ct);
        if (json)
        {
            WriteJson(output, found, left);
        }
        else
        {
            await WriteAsync(output, checks, found, left);
        }

        return left.Differing == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task WriteAsync(TextWriter output, bool checks, ReadModelReport found, ReadModelReport left)
    {
        await output.WriteLineAsync(
            $"{found.Streams} streams; documents: {string.Join(", ", found.Documents.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value} of kind {d.Key}"))}.");
        foreach (var difference in found.First)
        {
            await output.WriteLineAsync($"    {difference.Stream}: {string.Join(", ", difference.In)}");
        }

        if (found.Differing > found.First.Count)
        {
            await output.WriteLineAsync($"    and {found.Differing - found.First.Count} more");
        }

        await output.WriteLineAsync((found.Differing, checks, left.Differing) switch
        {
            (0, _, _) => "Every document says what its events say.",
            (var n, true, _) => $"Differing from their events: {n}. Nothing was changed.",
            (var n, false, 0) => $"Differing from their events: {n}, made anew. Now every document says what its events say.",
            (_, false, var n) => $"Still differing from their events: {n}.",
        });
    }

    private static void WriteJson(TextWriter output, ReadModelReport found, ReadModelReport left) => JsonOutput.Write(output, writer =>
    {
        writer.WriteNumber("streams", found.Streams);
        writer.WriteStartObject("documents");
        foreach (var (kind, count) in found.Documents.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            writer.WriteNumber(kind, count);
        }

        writer.WriteEndObject();
        writer.WriteNumber("differing", found.Differing);
        writer.WriteNumber("left", left.Differing);
        writer.WriteObjects("first", found.First, difference =>
        {
            writer.WriteString("stream", difference.Stream);
            writer.WriteString("kind", difference.Kind);
            writer.WriteStartArray("in");
            foreach (var member in difference.In)
            {
                writer.WriteStringValue(member);
            }

            writer.WriteEndArray();
        });
    });

    /// <summary>Tells how far it is, every few seconds.</summary>
    private sealed class Telling(TextWriter errors, TimeProvider clock)
    {
        private DateTimeOffset told = clock.GetUtcNow();

        public void Tell(ReadModelProgress progress)
        {
            if (clock.GetUtcNow() - told >= TellEvery)
            {
                told = clock.GetUtcNow();
                errors.WriteLine($"{Name}: {progress.Streams} of {progress.Of} streams");
            }
        }
    }
}

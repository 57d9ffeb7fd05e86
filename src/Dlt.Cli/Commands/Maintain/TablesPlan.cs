using System.CommandLine;

namespace Dlt.Cli.Commands.Maintain;

/// <summary>The course of a command over tables: it prints what it would do to each, asks, does it, and prints what it has done.</summary>
/// <typeparam name="T">What is done to a table.</typeparam>
internal sealed class TablesPlan<T>
{
    /// <summary>Member of the JSON output that says whether it was done, and the word for it in errors: <c>compacted</c>.</summary>
    public required string Done { get; init; }

    /// <summary>Does it, or, if true, only says what it would do.</summary>
    public required Func<AthenaMaintenance, bool, CancellationToken, Task<IReadOnlyList<T>>> Run { get; init; }

    /// <summary>The line of a table; the flag is true after it was done.</summary>
    public required Func<T, bool, string> Line { get; init; }

    /// <summary>The question; null when there is nothing to do.</summary>
    public required Func<IReadOnlyList<T>, string?> Question { get; init; }

    public required Func<T, JsonValue> Json { get; init; }

    /// <summary>Names of the tables that failed.</summary>
    public required Func<IReadOnlyList<T>, IEnumerable<string>> Failed { get; init; }

    public async Task RunAsync(MaintainOptions options, ParseResult parse, CancellationToken cancellationToken)
    {
        var maintenance = options.Open(parse);
        await using (maintenance)
        {
            var isJson = options.IsJson(parse);
            var plan = await Run(maintenance, true, cancellationToken);
            if (!isJson) Print(plan, isDone: false);
            var question = Question(plan);
            if (question is null && !isJson && !Failed(plan).Any()) Console.WriteLine("There is nothing to do.");
            var isAgreed = question is not null && options.Confirm(parse, question);
            var done = isAgreed ? await Run(maintenance, false, cancellationToken) : plan;
            if (isJson)
                OutputOption.Print(JsonValue.Object((Done, JsonValue.Bool(isAgreed)), ("tables", JsonValue.Array([.. done.Select(Json)]))));
            else if (isAgreed)
                Print(done, isDone: true);
            if (Failed(done).ToList() is { Count: > 0 } failed)
            {
                throw new DltException(
                    $"{string.Join(", ", failed)}: not {Done}, for the reason in the output. Correct that and repeat the command.");
            }
        }
    }

    private void Print(IReadOnlyList<T> tables, bool isDone)
    {
        foreach (var table in tables) Console.WriteLine(Line(table, isDone));
    }
}

using System.Globalization;
using Dlt.Aws;

namespace Dlt.Cli.Commands.Doctor;

/// <summary>Prints the results of checks: a line each when it ends, or all as one JSON object.</summary>
/// <param name="output">Where to print.</param>
/// <param name="isJson">True for JSON.</param>
internal sealed class CheckPrinter(TextWriter output, bool isJson)
{
    private const int NameWidth = 24;

    private readonly List<CheckResult> _results = [];

    /// <summary>Number of checks that failed.</summary>
    public int Failures => _results.Count(r => r.State == CheckState.Failed);

    public void Add(CheckResult result)
    {
        _results.Add(result);
        if (!isJson) output.WriteLine($"{Word(result.State),-9}{result.Name.PadRight(NameWidth)} {result.Message}");
    }

    /// <summary>Prints what is left to print at the end.</summary>
    public void End()
    {
        var warnings = _results.Count(r => r.State == CheckState.Warning);
        if (!isJson)
        {
            output.WriteLine($"{Count(_results.Count, "check")}, {Failures} failed, {Count(warnings, "warning")}.");
            return;
        }

        output.WriteLine(JsonText.Write(JsonValue.Object(
            ("ok", JsonValue.Bool(Failures == 0)),
            ("checks", JsonValue.Array([.. _results.Select(r => JsonValue.Object(
                ("name", JsonValue.String(r.Name)),
                ("state", JsonValue.String(Word(r.State))),
                ("message", JsonValue.String(r.Message))))])))));
    }

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Word(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Warning => "warning",
        _ => "failed",
    };
}

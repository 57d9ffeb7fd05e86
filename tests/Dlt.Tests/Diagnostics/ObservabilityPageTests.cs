using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Dlt.Aws;
using Dlt.Diagnostics;
using Dlt.Iceberg;
using Dlt.Logging;
using Dlt.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Dlt.Tests.Diagnostics;

/// <summary>docs/observability.md has each event, span, attribute and instrument of the code, and no other.</summary>
public sealed partial class ObservabilityPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "observability.md"));

    private static IEnumerable<string> Attributes => new[] { typeof(AttributeNames), typeof(CommitDiagnostics), typeof(CallDiagnostics) }
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral))
        .Select(f => (string)f.GetRawConstantValue()!)
        .Except([CommitDiagnostics.Span, CallDiagnostics.SystemName]).Append(DltDiagnostics.ErrorType);

    /// <summary>What was heard has only names of the page.</summary>
    internal static void AssertDocumented(Listening heard)
    {
        var names = NamesIn("Spans").ToHashSet();
        Assert.All(heard.Spans.SelectMany(s => s.TagObjects), tag => Assert.Contains(tag.Key, names));
        Assert.All(heard.Measurements.SelectMany(m => m.Tags), tag => Assert.Contains(tag.Key, names));
    }

    [Fact]
    public void Events_are_those_of_the_code()
    {
        var events = typeof(LogMessages).GetMethods().Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>().OrderBy(e => e.EventId).Select(e => $"| {e.EventId} | {e.Level} | `{e.Message}` |");
        Assert.Equal(events, Rows("Log").Where(r => char.IsDigit(r[2])));
    }

    [Fact]
    public void Spans_and_attributes_are_those_of_the_code()
    {
        var spans = SpanNames.All.Append(CommitDiagnostics.Span).Append("<service>.<operation>");
        Assert.Equal(spans.Concat(Attributes).Order(), NamesIn("Spans").Order());
    }

    [Fact]
    public void Instruments_are_those_of_the_code_with_kind_and_unit()
    {
        foreach (var type in new[] { typeof(RunInstruments), typeof(CommitDiagnostics), typeof(CallDiagnostics) })
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var instruments = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == DltDiagnostics.Name)
                instruments.Add($"| `{instrument.Name}` | {instrument.GetType().Name.Split('`')[0]} | `{instrument.Unit}` |");
        };
        listener.Start();
        Assert.Equal(instruments.Order(), Rows("Measurements").Select(r => Three().Match(r).Value).Where(r => r.Length > 0).Order());
    }

    [Fact]
    public void The_fields_of_a_line_are_those_of_the_page()
    {
        foreach (var field in NamesIn("Without a LoggerFactory").Where(f => char.IsLower(f[0])))
        {
            var line = LogFormat.Parse("{message} {" + field + "}").Write(new(default, LogLevel.Error, "Dlt", new(1, "e"), "m"));
            Assert.DoesNotContain("{", line, StringComparison.Ordinal);
        }

        Assert.Contains($"`{LogFormat.Default}`", Page, StringComparison.Ordinal);
    }

    /// <summary>Names in the first cells of the tables below a heading.</summary>
    private static IEnumerable<string> NamesIn(string heading) =>
        Rows(heading).SelectMany(r => Code().Matches(r.Split(" | ")[0]).Select(m => m.Groups[1].Value));

    private static IEnumerable<string> Rows(string heading)
    {
        var part = Assert.Single(Heading().Split(Page), p => p.StartsWith(heading + "\n", StringComparison.Ordinal));
        return part.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| -", StringComparison.Ordinal));
    }

    [GeneratedRegex("^#+ ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `[^`]+` \| \w+ \| `[^`]+` \|")]
    private static partial Regex Three();
}

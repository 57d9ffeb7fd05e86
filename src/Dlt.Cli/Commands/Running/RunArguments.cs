using System.CommandLine;
using System.Globalization;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands.Running;

/// <summary>The file and the options that <c>dlt run</c> and <c>dlt plan</c> share.</summary>
internal sealed class RunArguments
{
    private const string DefaultFile = "pipeline.yaml";

    private readonly Option<string?> _start = new("--interval-start")
    { Description = "Load this interval instead of what is new; with --interval-end.", HelpName = "time" };

    private readonly Option<string?> _end = new("--interval-end")
    { Description = "End of the interval, which is not part of it.", HelpName = "time" };

    private readonly Option<bool> _local = SharedOptions.Local();
    private readonly Option<string?> _destination = SharedOptions.Destination();

    /// <param name="limit">Description of <c>--limit</c>.</param>
    public RunArguments(string limit)
    {
        Limit = TypedOption.Number("--limit", limit, min: 1, max: int.MaxValue);
        Limit.HelpName = "pages";
    }

    public Argument<string> File { get; } = new("file")
    {
        Description = "The pipeline as YAML or JSON, or a description of a REST API alone.",
        DefaultValueFactory = _ => DefaultFile,
    };

    public Option<long?> Limit { get; }

    public IEnumerable<Option> Options => [_local, Limit, _start, _end, _destination];

    /// <summary>Pages of each resource; null when the option is not given.</summary>
    public int? PagesOf(ParseResult parse) => (int?)parse.GetValue(Limit);

    /// <summary>The interval as arguments of a pipeline program.</summary>
    public string[] IntervalOf(ParseResult parse) =>
    [
        .. parse.GetValue(_start) is { } start ? [_start.Name, start] : Array.Empty<string>(),
        .. parse.GetValue(_end) is { } end ? [_end.Name, end] : Array.Empty<string>(),
    ];

    /// <summary>Reads the file and makes its pipeline.</summary>
    /// <exception cref="ConfigurationException">The file cannot be used, or a setting is missing.</exception>
    public (Pipeline Pipeline, PipelineFile File) Open(ParseResult parse, PipelineOptions options)
    {
        var configuration = DltConfiguration.Load();
        var file = PipelineFile.Read(parse.GetValue(File)!, configuration);
        var account = parse.GetValue(_local) ? LocalAthena.Open(configuration) : null;
        var destination = Athena.Destination(account, parse.GetValue(_destination) ?? file.DestinationName);
        return (Pipeline.Create(file.PipelineName, destination, file.DatasetName, options with { Configuration = configuration }), file);
    }

    /// <summary>A remark on which of several streams is meant; empty for a single one.</summary>
    public static string StreamOf(PipelineFile file, int stream) => file.Sources.Length == 1
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"Stream {stream + 1} of {file.Sources.Length}, {file.Sources[stream].Name}:");
}

namespace Dlt.Diagnostics;

/// <summary>Attributes of spans and measurements of a run, where OpenTelemetry has no name (docs/observability.md).</summary>
internal static class AttributeNames
{
    public const string Pipeline = "dlt.pipeline.name";
    public const string Dataset = "dlt.dataset.name";
    public const string Destination = "dlt.destination.name";
    public const string Step = "dlt.step";
    public const string Source = "dlt.source.name";
    public const string Resource = "dlt.resource.name";
    public const string Table = "dlt.table.name";
    public const string TableFormat = "dlt.table.format";
    public const string WriteMode = "dlt.write.mode";
    public const string Load = "dlt.load.id";
    public const string Job = "dlt.job.id";
    public const string Rows = "dlt.rows";
    public const string Bytes = "dlt.bytes";
}

namespace Dlt.Normalize.Batches;

/// <summary>The keys that rows of Arrow tables get; neither by default (docs/spec/pipeline.md 7.5).</summary>
internal sealed record ArrowKeys(bool LoadId, bool RowId);

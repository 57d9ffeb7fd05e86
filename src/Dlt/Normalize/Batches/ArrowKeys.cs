namespace Dlt.Normalize.Batches;

/// <summary>Selects the key columns that are added to rows of Arrow tables; none by default (docs/spec/pipeline.md 7.5).</summary>
internal sealed record ArrowKeys(bool LoadId, bool RowId);

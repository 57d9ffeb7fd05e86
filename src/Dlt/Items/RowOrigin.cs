namespace Dlt.Normalize.Rows;

/// <summary>Where the rows of a buffer come from: it decides which columns their file has (docs/spec/pipeline.md 7.5).</summary>
internal enum RowOrigin
{
    /// <summary>Items; every row has keys.</summary>
    Items,
    /// <summary>Arrow tables: the columns are those of the data, and keys are added only if the settings say so.</summary>
    ArrowTable,
}

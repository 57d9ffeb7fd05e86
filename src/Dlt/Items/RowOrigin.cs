namespace Dlt.Items;

/// <summary>Origin of the rows of a buffer, which determines the columns of their file (docs/spec/pipeline.md 7.5).</summary>
internal enum RowOrigin
{
    /// <summary>The rows are items. Every row has row keys.</summary>
    Items,

    /// <summary>
    /// The rows are parts of Arrow tables. The file has the columns of the data; row keys are added only if the settings require it.
    /// </summary>
    ArrowTable,
}

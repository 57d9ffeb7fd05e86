namespace Dlt.Sources.Files;

/// <summary>Formats of files that are loaded.</summary>
internal enum InputFormat
{
    Json,
    Csv,
    Parquet,
    Arrow,
}

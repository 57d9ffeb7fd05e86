namespace Dlt.Sources.Sql;

/// <summary>A page of items that are written already: UTF-8 JSON, one on each line.</summary>
/// <param name="Utf8">The lines, each with its end.</param>
/// <param name="Rows">How many there are.</param>
internal sealed record RawLines(ReadOnlyMemory<byte> Utf8, long Rows);

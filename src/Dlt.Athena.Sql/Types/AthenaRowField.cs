namespace Dlt.Sql;

/// <summary>A field of a row type.</summary>
/// <param name="Name">Its name; null for a field without one, as in Trino's <c>row(bigint, varchar)</c>.</param>
/// <param name="Type">The type of its values.</param>
public sealed record AthenaRowField(string? Name, AthenaType Type);

namespace Dlt.Sql;

/// <summary>A field of a row type.</summary>
/// <param name="Name">Name of the field; null for an anonymous field, as in Trino's <c>row(bigint, varchar)</c>.</param>
/// <param name="Type">Type of the field's values.</param>
public sealed record AthenaRowField(string? Name, AthenaType Type);

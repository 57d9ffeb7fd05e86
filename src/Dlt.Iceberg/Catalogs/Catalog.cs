namespace Dlt.Iceberg;

/// <summary>Where tables are found, and where commits are made (spec/iceberg.md 8.1).</summary>
public abstract class Catalog
{
}

using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;

namespace Dlt.Local;

/// <summary>A statement that makes, changes or drops a database or a table.</summary>
/// <param name="Catalog">Name of the data catalog.</param>
/// <param name="Database">Name of the database, in lower case.</param>
internal abstract record DdlStatement(string Catalog, string Database)
{
    /// <summary><c>CREATE DATABASE</c>.</summary>
    public sealed record CreateDatabase(string Catalog, string Database, string? Location) : DdlStatement(Catalog, Database);

    /// <summary><c>DROP DATABASE … CASCADE</c>.</summary>
    public sealed record DropDatabase(string Catalog, string Database) : DdlStatement(Catalog, Database);

    /// <summary><c>CREATE EXTERNAL TABLE … STORED AS PARQUET</c>.</summary>
    public sealed record CreateExternal(
        string Catalog, string Database, string Table, ImmutableArray<GlueColumn> Columns, ImmutableArray<GlueColumn> PartitionKeys,
        string Location, ImmutableSortedDictionary<string, string> Properties) : DdlStatement(Catalog, Database);

    /// <summary><c>CREATE TABLE … TBLPROPERTIES ('table_type'='ICEBERG')</c>.</summary>
    public sealed record CreateIceberg(
        string Catalog, string Database, string Table, bool IfNotExists, ImmutableArray<GlueColumn> Columns,
        ImmutableArray<DdlPartition> Partitions, string Location, ImmutableSortedDictionary<string, string> Properties)
        : DdlStatement(Catalog, Database);

    /// <summary><c>ALTER TABLE … ADD COLUMNS</c>.</summary>
    public sealed record AddColumns(string Catalog, string Database, string Table, ImmutableArray<GlueColumn> Columns)
        : DdlStatement(Catalog, Database);

    /// <summary><c>DROP TABLE</c>.</summary>
    public sealed record DropTable(string Catalog, string Database, string Table, bool IfExists) : DdlStatement(Catalog, Database);
}

/// <summary>A partition of a new Iceberg table.</summary>
/// <param name="Column">Name of the column, in lower case.</param>
/// <param name="Transform">Computes the partition's value.</param>
internal sealed record DdlPartition(string Column, Transform Transform);

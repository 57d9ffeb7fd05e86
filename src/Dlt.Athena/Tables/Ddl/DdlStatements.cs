using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Texts of the statements that make, widen and drop databases and tables, byte for byte those of Python dlt 1.31
/// (docs/spec/athena-destination.md 3.1, 3.3): a query history shows the same statement, whoever loads.
/// </summary>
/// <param name="catalog">Name of the data catalog.</param>
internal sealed class DdlStatements(string catalog)
{
    /// <summary>How dlt breaks its lines.</summary>
    private const string Break = "\n                        ";

    /// <summary>Properties of every Iceberg table, which win over those of the setting.</summary>
    private static readonly KeyValuePair<string, string>[] IcebergProperties = [new("table_type", "ICEBERG"), new("format", "parquet")];

    public string CreateDatabase(GlueDatabase database) =>
        $"CREATE DATABASE {Named(database.Name)}" + (database.LocationUri is { } place ? $" LOCATION {Literal(place)}" : "");

    public string DropDatabase(string name) => $"DROP DATABASE {Named(name)} CASCADE";

    public string DropTable(string database, string name) => $"DROP TABLE IF EXISTS {Named(database, name)}";

    public string AddColumns(string database, string table, IEnumerable<GlueColumn> columns) =>
        $"ALTER TABLE {Named(database, table)} ADD COLUMNS ({Columns(columns)})";

    /// <summary>Adds the columns that an Iceberg table lacks.</summary>
    public string AddColumns(TableIdentifier table, IEnumerable<NestedField> columns) =>
        AddColumns(table.Namespace, table.Name, columns.Select(c => new GlueColumn(c.Name, GlueTypes.Of(c.Type))));

    /// <summary>Columns that a new definition of an external table adds.</summary>
    public static List<GlueColumn> AddedColumns(GlueTable stored, GlueTableInput wanted)
    {
        var known = stored.Columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. wanted.StorageDescriptor!.Columns.Where(c => !known.Contains(c.Name))];
    }

    /// <summary>Sets properties of an external table; others stay (Amazon Athena User Guide, ALTER TABLE SET TBLPROPERTIES).</summary>
    public string SetProperties(string database, string table, IEnumerable<KeyValuePair<string, string>> properties) =>
        $"ALTER TABLE {Named(database, table)} SET TBLPROPERTIES ({Properties(properties)})";

    /// <summary>Gives an external table other columns (Amazon Athena User Guide, ALTER TABLE REPLACE COLUMNS).</summary>
    public string ReplaceColumns(string database, string table, IEnumerable<GlueColumn> columns) =>
        $"ALTER TABLE {Named(database, table)} REPLACE COLUMNS ({Columns(columns)})";

    /// <summary>Lets an external table read another folder (Amazon Athena User Guide, ALTER TABLE SET LOCATION).</summary>
    public string SetLocation(string database, string table, string location) =>
        $"ALTER TABLE {Named(database, table)} SET LOCATION {Literal(location)}";

    /// <summary>Lists the partitions of a table, each as the folder of its values.</summary>
    public string ShowPartitions(GlueTable table) => $"SHOW PARTITIONS {Named(table.DatabaseName, table.Name)}";

    /// <summary>Adds partitions; those that exist stay as they are.</summary>
    public string AddPartitions(GlueTable table, IEnumerable<(ImmutableArray<string> Values, string Location)> partitions)
    {
        var added = partitions.Select(p => $"{Partition(table, p.Values)} LOCATION {Literal(p.Location)}");
        return $"ALTER TABLE {Named(table.DatabaseName, table.Name)} ADD IF NOT EXISTS {string.Join(' ', added)}";
    }

    /// <summary>Drops partitions. Their objects stay.</summary>
    public string DropPartitions(GlueTable table, IEnumerable<ImmutableArray<string>> partitions) =>
        $"ALTER TABLE {Named(table.DatabaseName, table.Name)} DROP IF EXISTS "
            + string.Join(", ", partitions.Select(values => Partition(table, values)));

    /// <summary>Adds a column to one partition.</summary>
    public string AddColumn(GlueTable table, ImmutableArray<string> values, GlueColumn column) =>
        $"ALTER TABLE {Named(table.DatabaseName, table.Name)} {Partition(table, values)} ADD COLUMNS ({Columns([column])})";

    /// <summary>
    /// The statement of an external table. dlt knows no partitions and no properties of external tables; their clauses are those of
    /// Athena's reference. Parameters that every table of a load into Glue has are left out.
    /// </summary>
    public string CreateExternal(string database, GlueTableInput table)
    {
        var storage = table.StorageDescriptor!;
        var text = $"CREATE EXTERNAL TABLE {Named(database, table.Name)}{Break}({Columns(storage.Columns)}){Break}";
        if (table.PartitionKeys is { IsDefaultOrEmpty: false } keys) text += $"PARTITIONED BY ({Columns(keys)}){Break}";
        text += $"STORED AS PARQUET{Break}LOCATION {Literal(storage.Location!)}";
        var own = table.Parameters!.Except(HiveTable.Usual).ToList();
        return own.Count == 0 ? text : $"{text}{Break}TBLPROPERTIES ({Properties(own)})";
    }

    /// <summary>The statement of an Iceberg table. That of a bookkeeping table passes when the table exists.</summary>
    public string CreateIceberg(NewIcebergTable table)
    {
        var (database, name) = (table.Name.Namespace, table.Name.Name);
        var exists = SystemTables.IsSystemName(name) ? "IF NOT EXISTS " : "";
        var columns = Columns(table.Schema.Fields.Select(f => new GlueColumn(f.Name, GlueTypes.Of(f.Type))));
        var partitions = table.Spec.Fields.Select(f => Partition(f.Transform, table.Schema.Fields.First(c => c.Id == f.SourceId).Name));
        var clause = table.Spec.Fields.IsEmpty ? "" : $"PARTITIONED BY ({string.Join(", ", partitions)})";
        return $"CREATE TABLE {exists}{Named(database, name)}{Break}({columns}){Break}{clause}LOCATION {Literal(table.Location)}{Break}"
            + $"TBLPROPERTIES ({Properties(WithIceberg(table.Properties))})";
    }

    private static IEnumerable<KeyValuePair<string, string>> WithIceberg(IReadOnlyDictionary<string, string> own) =>
        own.Select(p => IcebergProperties.FirstOrDefault(i => i.Key == p.Key, p))
            .Concat(IcebergProperties.Where(i => !own.ContainsKey(i.Key)));

    private static string Partition(GlueTable table, ImmutableArray<string> values)
    {
        var keys = table.Definition.PartitionKeys!.Value.Zip(values, (key, value) => $"{Identifier(key.Name)}={Literal(value)}");
        return $"PARTITION ({string.Join(", ", keys)})";
    }

    private static string Partition(Transform transform, string column) => transform switch
    {
        BucketTransform bucket => $"bucket({bucket.Count}, {Identifier(column)})",
        TruncateTransform truncate => $"truncate({truncate.Width}, {Identifier(column)})",
        _ when transform == Transform.Identity => Identifier(column),
        _ => $"{transform}({Identifier(column)})",
    };

    private static string Columns(IEnumerable<GlueColumn> columns) =>
        string.Join(", ", columns.Select(c => $"{Identifier(c.Name)} {c.Type}"));

    private static string Properties(IEnumerable<KeyValuePair<string, string>> properties) =>
        string.Join(", ", properties.Select(p => $"{Literal(p.Key)}={Literal(p.Value)}"));

    private string Named(params string[] parts) => string.Join('.', parts.Prepend(catalog).Select(Identifier));

    private static string Identifier(string name) =>
        $"`{name.ToLowerInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    private static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}

using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Naming;

namespace Dlt.Schemas;

/// <summary>Tables, settings and naming of one source; it evolves while data is normalised (dlt documentation, Schema).</summary>
/// <remarks>Tables and columns are immutable values; the schema is the one mutable holder. One thread at a time.</remarks>
public sealed partial class Schema
{
    internal const int EngineVersion = 11;
    internal const string RelationalModule = "dlt.common.normalizers.json.relational";
    private const int MaxNameLength = 64;

    private readonly Dictionary<string, TableSchema> _tables = new(StringComparer.Ordinal);
    private readonly List<string> _tableOrder = [];
    private readonly HashSet<string> _tablesWithRootKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _identifiers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tablePaths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _columnPaths = new(StringComparer.Ordinal);
    private ColumnInference? _inference;

    /// <summary>A new schema with the bookkeeping tables and default hints (dlt documentation, Schema).</summary>
    /// <exception cref="SchemaException">The name is not an identifier of at most 64 characters.</exception>
    public Schema(string name, NamingConvention? naming = null) : this(name)
    {
        if (!IsValidName(name))
            throw new SchemaException($"'{name}' is not a schema name. Use an identifier of at most {MaxNameLength} letters, digits "
                + "and underscores that does not start with a digit.");
        Naming = naming ?? NamingConvention.Create("snake_case");
        Settings = JsonValue.Object(
            ("detections", JsonValue.Array([JsonValue.String("iso_timestamp")])), ("default_hints", DefaultHints(Naming)));
        Normalizers = JsonValue.Object(
            ("names", JsonValue.String(Naming.Name)),
            ("json", JsonValue.Object(("module", JsonValue.String(RelationalModule)))));
        Set(SystemTables.VersionTable(Naming));
        Set(SystemTables.LoadsTable(Naming));
    }

    internal Schema(string name, bool empty)
    {
        _ = empty;
        Name = name;
        Naming = null!;
        Settings = JsonValue.EmptyObject;
        Normalizers = JsonValue.EmptyObject;
    }

    private Schema(string name) : this(name, empty: true)
    {
    }

    /// <summary>The schema's name, which is also its source's.</summary>
    public string Name { get; internal set; }

    /// <summary>How often the content changed.</summary>
    public long Version { get; internal set; } = 1;

    /// <summary>Hash of the content as last stored; null for a schema that never was.</summary>
    public string? VersionHash { get; internal set; }

    /// <summary>Up to ten former hashes, newest first.</summary>
    public IReadOnlyList<string> PreviousHashes { get; internal set; } = [];

    /// <summary>Hash of the import file that this schema came from.</summary>
    public string? ImportedVersionHash { get; internal set; }

    /// <summary>Free text.</summary>
    public string? Description { get; internal set; }

    /// <summary>How names become identifiers.</summary>
    public NamingConvention Naming { get; internal set; }

    /// <summary>Tables in the order they were added.</summary>
    public IEnumerable<TableSchema> Tables => _tableOrder.Select(t => _tables[t]);

    /// <summary>Tables with data of the user, not bookkeeping.</summary>
    public IEnumerable<TableSchema> DataTables => Tables.Where(t => !SystemTables.IsSystemName(t.Name));

    /// <summary>Tables whose rows carry the id of their root row.</summary>
    internal IEnumerable<TableSchema> TablesWithRootKey => _tablesWithRootKey.Select(t => _tables[t]);

    internal JsonValue Settings { get; set; }

    internal JsonValue Normalizers
    {
        get;
        set
        {
            field = value;
            Changes++;
        }
    }

    /// <summary>Counts changes of tables and normalisers, to notice that there was one.</summary>
    internal int Changes { get; private set; }

    /// <summary>The rules by which new columns get types and hints.</summary>
    internal ColumnInference Inference => _inference ??= new ColumnInference(this);

    /// <summary>False for schemas of engines before 11: then <c>a__b</c> is one identifier (docs/spec/pipeline.md 5.4).</summary>
    internal bool BreaksPaths => Normalizers["use_break_path_on_normalize"] is not { Kind: JsonKind.False };

    /// <summary>True when <paramref name="name"/> can name a schema.</summary>
    public static bool IsValidName(string name) => name.Length <= MaxNameLength && NamePattern().IsMatch(name);

    /// <summary>The schema name made of a pipeline's name: without <c>_pipeline</c>, in snake_case, at most 64 characters.</summary>
    public static string NameFromPipeline(string pipelineName)
    {
        const string suffix = "_pipeline";
        var name = pipelineName.EndsWith(suffix, StringComparison.Ordinal) && pipelineName.Length > suffix.Length
            ? pipelineName[..^suffix.Length]
            : pipelineName;
        return NormalizeName(name);
    }

    /// <summary>A schema name in snake_case of at most 64 characters.</summary>
    internal static string NormalizeName(string name) => NamingConvention.Create("snake_case", MaxNameLength).NormalizeIdentifier(name);

    /// <summary>The table of that name.</summary>
    public bool TryGetTable(string name, [NotNullWhen(true)] out TableSchema? table) => _tables.TryGetValue(name, out table);

    /// <summary>The table of that name.</summary>
    /// <exception cref="SchemaException">There is none.</exception>
    public TableSchema Table(string name) => TryGetTable(name, out var table)
        ? table
        : throw new SchemaException($"Schema '{Name}' has no table '{name}'.") { Table = name };

    /// <summary>A property of the table or of the nearest ancestor that has it.</summary>
    public string? Inherited(TableSchema table, string property) =>
        InheritedValue(table, property) is { Kind: JsonKind.String } value ? value.AsString() : null;

    /// <summary>What a load does with the rows of a table: its own disposition, else that of the nearest table above; append else.</summary>
    /// <exception cref="SchemaException">The stored word is unknown.</exception>
    public WriteDisposition WriteDispositionOf(TableSchema table) =>
        HintText.Disposition(InheritedValue(table, HintNames.WriteDisposition), table.Name) ?? WriteDisposition.Append;

    /// <summary>The format of a table: its own, else that of the nearest table above.</summary>
    /// <exception cref="SchemaException">The stored word is unknown.</exception>
    public TableFormat TableFormatOf(TableSchema table) => HintText.Format(InheritedValue(table, HintNames.TableFormat), table.Name);

    /// <summary>The contract of the whole schema; null when it has none.</summary>
    /// <exception cref="SchemaException">What is stored is not a contract.</exception>
    public SchemaContract? Contract => SchemaContract.Parse(Settings[HintNames.SchemaContract]);

    internal JsonValue? InheritedValue(TableSchema table, string property)
    {
        for (var current = table; ; current = _tables[current.Parent])
        {
            if (current[property] is { } value) return value;
            if (current.Parent is null || !_tables.ContainsKey(current.Parent)) return null;
        }
    }

    /// <summary>The root table above a table, or the table itself.</summary>
    public TableSchema RootOf(TableSchema table)
    {
        while (table.Parent is { } parent && _tables.TryGetValue(parent, out var above)) table = above;
        return table;
    }

    /// <summary>A root table with everything nested below it, parents first.</summary>
    public IEnumerable<TableSchema> ChainOf(TableSchema root)
    {
        var children = Tables.Where(t => t.Parent is not null).ToLookup(t => t.Parent!, StringComparer.Ordinal);
        var next = new Stack<TableSchema>([root]);
        while (next.TryPop(out var table))
        {
            yield return table;
            foreach (var child in children[table.Name].Reverse()) next.Push(child);
        }
    }

    /// <summary>A schema with the same tables that evolves on its own.</summary>
    internal Schema Copy()
    {
        var copy = new Schema(Name, empty: true)
        { Naming = Naming, Settings = Settings, Version = Version, VersionHash = VersionHash, PreviousHashes = PreviousHashes };
        copy.TakeTables(this);
        return copy;
    }

    /// <summary>Makes the tables and normalisers those of another copy of the schema.</summary>
    internal void TakeTables(Schema other)
    {
        _tables.Clear();
        _tableOrder.Clear();
        _tablesWithRootKey.Clear();
        foreach (var table in other.Tables) Set(table);
        Normalizers = other.Normalizers;
    }

    /// <summary>Adds or replaces a table as it is.</summary>
    internal void Set(TableSchema table)
    {
        Changes++;
        if (_tables.TryAdd(table.Name, table)) _tableOrder.Add(table.Name);
        else _tables[table.Name] = table;
        if (table.HasRootKey) _tablesWithRootKey.Add(table.Name);
        else _tablesWithRootKey.Remove(table.Name);
    }

    internal void Drop(string table)
    {
        Changes++;
        _tables.Remove(table);
        _tableOrder.Remove(table);
        _tablesWithRootKey.Remove(table);
    }

    internal void ResetInference() => _inference = null;

    /// <summary>One field name as an identifier, remembered; blank names become <c>_empty</c>.</summary>
    internal string NormalizeIdentifier(string name) => Remember(_identifiers, name, static (schema, n) =>
        string.IsNullOrWhiteSpace(n)
            ? "_empty"
            : schema.BreaksPaths ? schema.PathOrEmpty(n, schema.Naming.NormalizePath) : schema.Naming.NormalizeIdentifier(n));

    /// <summary>A table name as an identifier, remembered.</summary>
    internal string NormalizeTableIdentifier(string name) => FormerTable(name) ?? Remember(_tablePaths, name, static (schema, n) =>
        string.IsNullOrWhiteSpace(n)
            ? "_empty"
            : schema.BreaksPaths ? schema.PathOrEmpty(n, schema.Naming.NormalizeTablesPath) : schema.Naming.NormalizeTableIdentifier(n));

    /// <summary>Joins identifiers to a column name, shortened.</summary>
    internal string ColumnPath(string prefix, string identifier) => prefix.Length == 0
        ? Remember(_columnPaths, identifier, static (schema, n) => schema.Naming.ShortenFragments(n))
        : Naming.ShortenFragments(prefix, identifier);

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*$")]
    private static partial Regex NamePattern();

    private static JsonValue DefaultHints(NamingConvention naming)
    {
        JsonValue Names(params string[] names) => JsonValue.Array([.. names.Select(n => JsonValue.String(naming.NormalizeIdentifier(n)))]);
        return JsonValue.Object(
            ("not_null", Names(
                SystemTables.RowId, SystemTables.RootId, SystemTables.ParentId, SystemTables.ListIndex, SystemTables.LoadId)),
            ("parent_key", Names(SystemTables.ParentId)),
            ("root_key", Names(SystemTables.RootId)),
            ("unique", Names(SystemTables.RowId)),
            ("row_key", Names(SystemTables.RowId)));
    }

    /// <summary>A name of underscores only has no parts, so its path is empty; the plain identifier stands in.</summary>
    private string PathOrEmpty(string name, Func<string, string> normalize)
    {
        var path = normalize(name);
        return path.Length > 0 ? path : Naming.NormalizeIdentifier(name);
    }

    /// <summary>The table that such a name has had so far, made from it by dlt's rule: its rows go on there.</summary>
    private string? FormerTable(string name)
    {
        if (!LostNames.Concerns(name) || string.IsNullOrWhiteSpace(name)) return null;
        if (Naming.FormerIdentifier(name) is not { } former || !_tables.TryGetValue(former, out var table)) return null;
        return table["resource"] is { Kind: JsonKind.String } resource && resource.AsString() == name ? former : null;
    }

    private string Remember(Dictionary<string, string> cache, string name, Func<Schema, string, string> make)
    {
        if (cache.TryGetValue(name, out var identifier)) return identifier;
        identifier = make(this, name);
        cache[name] = identifier;
        return identifier;
    }
}

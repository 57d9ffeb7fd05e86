using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Dlt.Naming;

namespace Dlt.Schemas;

/// <summary>Tables, settings and naming of one source. It evolves while data is normalized (dlt documentation, Schema).</summary>
/// <remarks>Tables and columns are immutable; only the schema itself is mutable. For one thread at a time.</remarks>
public sealed partial class Schema
{
    internal const int EngineVersion = 11;
    internal const string RelationalModule = "dlt.common.normalizers.json.relational";
    private const int MaxNameLength = 64;

    private readonly Dictionary<string, TableSchema> _tables = new(StringComparer.Ordinal);
    private readonly List<string> _tableOrder = [];
    private readonly Dictionary<string, List<string>> _namesInAnyCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _tablesWithRootKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _identifiers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tablePaths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _columnPaths = new(StringComparer.Ordinal);
    private ColumnInference? _inference;

    /// <summary>Creates a schema with the system tables and default hints (dlt documentation, Schema).</summary>
    /// <exception cref="SchemaException">The name is not an identifier of at most 64 characters.</exception>
    public Schema(string name, NamingConvention? naming = null) : this(name)
    {
        if (!IsValidName(name))
        {
            throw new SchemaException(
                $"'{name}' is not a valid schema name. Use an identifier of at most {MaxNameLength} letters, digits and underscores "
                + "that does not start with a digit.");
        }

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

    /// <summary>Name of the schema and its source.</summary>
    public string Name { get; internal set; }

    /// <summary>Number of the schema's version; it increases with every change.</summary>
    public long Version { get; internal set; } = 1;

    /// <summary>Hash of the content when it was last stored; null before that.</summary>
    public string? VersionHash { get; internal set; }

    /// <summary>Up to ten previous hashes, newest first.</summary>
    public IReadOnlyList<string> PreviousHashes { get; internal set; } = [];

    /// <summary>Hash of the import file from which the schema was created; null when there is none.</summary>
    public string? ImportedVersionHash { get; internal set; }

    /// <summary>Description in free text.</summary>
    public string? Description { get; internal set; }

    /// <summary>Convention that converts names to identifiers.</summary>
    public NamingConvention Naming { get; internal set; }

    /// <summary>Tables in the order in which they were added.</summary>
    public IEnumerable<TableSchema> Tables => _tableOrder.Select(t => _tables[t]);

    /// <summary>Tables with user data, without the system tables.</summary>
    public IEnumerable<TableSchema> DataTables => Tables.Where(t => !SystemTables.IsSystemName(t.Name));

    /// <summary>Tables whose rows store the id of their root row.</summary>
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

    /// <summary>Receives the names of the tables that are added or replaced; null for no record of them.</summary>
    internal Action<string>? TableSet { get; set; }

    /// <summary>Number of changes of tables and normalizers since creation; callers compare it to detect a change.</summary>
    internal int Changes { get; private set; }

    /// <summary>Rules by which new columns get types and hints.</summary>
    internal ColumnInference Inference => _inference ??= new ColumnInference(this);

    /// <summary>
    /// False for schemas of engine versions before 11, in which <c>a__b</c> is one identifier (docs/spec/pipeline.md 5.4).
    /// </summary>
    internal bool BreaksPaths => Normalizers["use_break_path_on_normalize"] is not { Kind: JsonKind.False };

    /// <summary>Returns true when <paramref name="name"/> is a valid schema name.</summary>
    public static bool IsValidName(string name) => name.Length <= MaxNameLength && NamePattern().IsMatch(name);

    /// <summary>Derives a schema name from a pipeline's name: without <c>_pipeline</c>, in snake_case, at most 64 characters.</summary>
    public static string NameFromPipeline(string pipelineName)
    {
        const string suffix = "_pipeline";
        var name = pipelineName.EndsWith(suffix, StringComparison.Ordinal) && pipelineName.Length > suffix.Length
            ? pipelineName[..^suffix.Length]
            : pipelineName;
        return NormalizeName(name);
    }

    /// <summary>Converts a text to a schema name in snake_case with at most 64 characters.</summary>
    internal static string NormalizeName(string name) => NamingConvention.Create("snake_case", MaxNameLength).NormalizeIdentifier(name);

    /// <summary>Finds the table with a name.</summary>
    public bool TryGetTable(string name, [NotNullWhen(true)] out TableSchema? table) => _tables.TryGetValue(name, out table);

    /// <summary>Returns the table with a name.</summary>
    /// <exception cref="SchemaException">The table does not exist.</exception>
    public TableSchema Table(string name) => TryGetTable(name, out var table)
        ? table
        : throw new SchemaException($"Schema '{Name}' has no table '{name}'.") { Table = name };

    /// <summary>Returns a property of the table or of the nearest ancestor that has it; null when none has it.</summary>
    public string? Inherited(TableSchema table, string property) =>
        InheritedValue(table, property) is { Kind: JsonKind.String } value ? value.AsString() : null;

    /// <summary>
    /// Returns the write disposition of a table: its own, that of the nearest ancestor, or <see cref="WriteDisposition.Append"/>.
    /// </summary>
    /// <exception cref="SchemaException">The stored name is unknown.</exception>
    public WriteDisposition WriteDispositionOf(TableSchema table) =>
        HintText.Disposition(InheritedValue(table, HintNames.WriteDisposition), table.Name) ?? WriteDisposition.Append;

    /// <summary>Returns the format of a table: its own, or that of the nearest ancestor.</summary>
    /// <exception cref="SchemaException">The stored name is unknown.</exception>
    public TableFormat TableFormatOf(TableSchema table) => HintText.Format(InheritedValue(table, HintNames.TableFormat), table.Name);

    /// <summary>The contract of the whole schema; null when it has none.</summary>
    /// <exception cref="SchemaException">The stored contract is invalid.</exception>
    public SchemaContract? Contract => SchemaContract.Parse(Settings[HintNames.SchemaContract]);

    internal JsonValue? InheritedValue(TableSchema table, string property)
    {
        for (var current = table; ; current = _tables[current.Parent])
        {
            if (current[property] is { } value) return value;
            if (current.Parent is null || !_tables.ContainsKey(current.Parent)) return null;
        }
    }

    /// <summary>Returns a copy with the same tables that evolves separately.</summary>
    internal Schema Copy()
    {
        var copy = new Schema(Name, empty: true)
        {
            Naming = Naming,
            Settings = Settings,
            Version = Version,
            VersionHash = VersionHash,
            PreviousHashes = PreviousHashes,
        };
        copy.TakeTables(this);
        return copy;
    }

    /// <summary>Replaces the tables and normalizers by those of another copy of the schema.</summary>
    internal void TakeTables(Schema other)
    {
        _tables.Clear();
        _tableOrder.Clear();
        _namesInAnyCase.Clear();
        _tablesWithRootKey.Clear();
        foreach (var table in other.Tables) Set(table);
        Normalizers = other.Normalizers;
    }

    /// <summary>Adds or replaces a table unchanged.</summary>
    internal void Set(TableSchema table)
    {
        Changes++;
        TableSet?.Invoke(table.Name);
        if (_tables.TryAdd(table.Name, table)) Add(table.Name);
        else _tables[table.Name] = table;
        if (table.HasRootKey) _tablesWithRootKey.Add(table.Name);
        else _tablesWithRootKey.Remove(table.Name);
    }

    internal void Drop(string table)
    {
        Changes++;
        _tables.Remove(table);
        _tableOrder.Remove(table);
        _namesInAnyCase.GetValueOrDefault(table)?.Remove(table);
        _tablesWithRootKey.Remove(table);
    }

    private void Add(string name)
    {
        _tableOrder.Add(name);
        if (!_namesInAnyCase.TryGetValue(name, out var same)) _namesInAnyCase[name] = same = [];
        same.Add(name);
    }

    internal void ResetInference() => _inference = null;

    /// <summary>Converts a field name to an identifier, with a cache. Blank names become <c>_empty</c>.</summary>
    internal string NormalizeIdentifier(string name) => Remember(_identifiers, name, static (schema, n) =>
        string.IsNullOrWhiteSpace(n)
            ? "_empty"
            : schema.BreaksPaths ? schema.PathOrEmpty(n, schema.Naming.NormalizePath) : schema.Naming.NormalizeIdentifier(n));

    /// <summary>Converts a table name to an identifier, with a cache.</summary>
    internal string NormalizeTableIdentifier(string name) => FormerTable(name) ?? Remember(_tablePaths, name, static (schema, n) =>
        string.IsNullOrWhiteSpace(n)
            ? "_empty"
            : schema.BreaksPaths ? schema.PathOrEmpty(n, schema.Naming.NormalizeTablesPath) : schema.Naming.NormalizeTableIdentifier(n));

    /// <summary>Joins identifiers to a column name and shortens it if necessary.</summary>
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

    /// <summary>A name of underscores only has an empty path; this returns the identifier of the name instead.</summary>
    private string PathOrEmpty(string name, Func<string, string> normalize)
    {
        var path = normalize(name);
        return path.Length > 0 ? path : Naming.NormalizeIdentifier(name);
    }

    /// <summary>Returns the table that older versions created for such a name by dlt's rule; its rows continue to go there.</summary>
    private string? FormerTable(string name)
    {
        if (!NamesWithoutLetters.Concerns(name) || string.IsNullOrWhiteSpace(name)) return null;
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

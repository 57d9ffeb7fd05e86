using System.Text;
using Dlt.Hashing;
using Dlt.Json;

namespace Dlt.Schemas;

/// <summary>Reads and writes the stored form of a schema, its version and its hash (docs/spec/pipeline.md 4.1, 4.3).</summary>
internal static class SchemaJson
{
    private const int MaxPreviousHashes = 10;
    private static readonly string[] NotHashed = ["version", "version_hash", "imported_version_hash", "previous_hashes"];
    private static readonly string[] KnownMembers =
    [
        "version", "version_hash", "engine_version", "name", "tables", "settings", "normalizers", "previous_hashes",
        "imported_version_hash", "description",
    ];

    /// <summary>Returns the stored form, after updating version and hash.</summary>
    public static JsonValue ToJson(Schema schema)
    {
        Bump(schema);
        return Body(schema);
    }

    /// <summary>Reads a stored schema of any engine version up to 11 and migrates it to version 11.</summary>
    /// <param name="stored">Stored form of the schema.</param>
    /// <param name="maxIdentifierLength">Maximum identifier length of the active destination; null for no limit.</param>
    /// <param name="verifyHash">True to refuse a schema of the current engine whose content does not match its hash.</param>
    /// <exception cref="SchemaException">The content is not a schema, its engine is newer, or it was changed by hand.</exception>
    public static Schema FromJson(JsonValue stored, int? maxIdentifierLength = null, bool verifyHash = false)
    {
        var engine = stored["engine_version"]?.AsInt64() ?? 1;
        var json = SchemaMigrations.Migrate(stored);
        if (json.Members.Names.FirstOrDefault(n => !KnownMembers.Contains(n)) is { } unknown)
            throw new SchemaException($"A stored schema has the unknown member '{unknown}'.");
        SchemaMembers.Check(json);

        var schema = new Schema(json["name"]?.AsString() ?? throw new SchemaException("A stored schema has no 'name'."), empty: true)
        {
            Version = json["version"]?.AsInt64() ?? 1,
            VersionHash = json["version_hash"] is { Kind: JsonKind.String } hash && hash.AsString().Length > 0 ? hash.AsString() : null,
            PreviousHashes = json["previous_hashes"] is { Kind: JsonKind.Array } previous
                ? [.. previous.Items.Select(h => h.AsString())]
                : [],
            ImportedVersionHash = json["imported_version_hash"] is { Kind: JsonKind.String } imported ? imported.AsString() : null,
            Description = json["description"] is { Kind: JsonKind.String } description ? description.AsString() : null,
            Settings = json["settings"] ?? JsonValue.EmptyObject,
            Normalizers = json["normalizers"] ?? JsonValue.EmptyObject,
        };
        var naming = schema.Normalizers["names"] is { Kind: JsonKind.String } names ? names.AsString() : "snake_case";
        schema.Naming = NamingConvention.Create(naming, maxIdentifierLength);
        foreach (var (name, table) in (json["tables"] ?? JsonValue.EmptyObject).Members)
        {
            if (table["columns"] is null)
                throw new SchemaException($"Table '{name}' of stored schema '{schema.Name}' has no 'columns'.") { Table = name };
            CheckTypes(schema.Name, name, table);
            var named = table["name"] is null ? table.With("name", JsonValue.String(name)) : table;
            schema.Set(DropSeenNullFirst(TableSchema.FromJson(named)));
        }

        foreach (var required in new[] { SystemTables.Version, SystemTables.Loads })
        {
            if (schema.TryGetTable(schema.Naming.NormalizeTableIdentifier(required), out _)) continue;
            throw new SchemaException($"Stored schema '{schema.Name}' is corrupted: it has no table '{required}'.") { Table = required };
        }

        if (verifyHash && engine == Schema.EngineVersion && schema.VersionHash is { } storedHash && Hash(schema) != storedHash)
        {
            throw new SchemaException(
                $"Stored schema '{schema.Name}' was changed by hand: its content does not match version_hash {storedHash}. Nothing "
                + "was loaded. Restore the file, or delete it to start from the destination's copy.");
        }

        return schema;
    }

    /// <summary>Computes the hash of the content (docs/spec/pipeline.md 4.3).</summary>
    public static string Hash(Schema schema)
    {
        var body = Body(schema);
        foreach (var name in NotHashed) body = body.Without(name);
        using var content = new MemoryStream();
        content.Write(JsonText.WriteUtf8(body, sortKeys: true));
        foreach (var table in schema.Tables.OrderBy(t => t.Name, Comparer<string>.Create(JsonText.CompareUtf8)))
        {
            content.Write(Encoding.UTF8.GetBytes(table.Name));
            foreach (var column in table.Columns) content.Write(Encoding.UTF8.GetBytes(column.Name));
        }

        return DltHash.Sha3(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <summary>Sets the hash, and increases the version if the content changed.</summary>
    /// <returns>True when the content changed since the last call.</returns>
    public static bool Bump(Schema schema)
    {
        var hash = Hash(schema);
        var old = schema.VersionHash;
        if (old is not null && old != hash)
        {
            schema.Version++;
            if (!schema.PreviousHashes.Contains(old))
                schema.PreviousHashes = [.. schema.PreviousHashes.Prepend(old).Take(MaxPreviousHashes)];
        }

        schema.VersionHash = hash;
        return old != hash;
    }

    /// <summary>
    /// Returns the text for <c>_dlt_version.schema</c>: JSON, or base64 of zlib when it is longer than <paramref name="maxBytes"/>.
    /// </summary>
    public static string ToStoredText(Schema schema, int maxBytes)
    {
        var json = JsonText.WriteUtf8(ToJson(schema));
        return json.Length <= maxBytes ? Encoding.UTF8.GetString(json) : CompressedText.Encode(json);
    }

    /// <summary>Reads the result of <see cref="ToStoredText"/>.</summary>
    public static Schema FromStoredText(string text, int? maxIdentifierLength = null) =>
        FromJson(JsonParser.Parse(CompressedText.Decode(text), "the schema column of _dlt_version"), maxIdentifierLength);

    private static JsonValue Body(Schema schema)
    {
        var members = new List<(string, JsonValue)>
        {
            ("version", JsonValue.Integer(schema.Version)),
            ("version_hash", JsonValue.String(schema.VersionHash ?? "")),
            ("engine_version", JsonValue.Integer(Schema.EngineVersion)),
            ("name", JsonValue.String(schema.Name)),
            ("tables", JsonValue.Object(schema.Tables.Select(t => KeyValuePair.Create(t.Name, t.ToJson())))),
            ("settings", schema.Settings),
            ("normalizers", schema.Normalizers),
            ("previous_hashes", JsonValue.Array([.. schema.PreviousHashes.Select(JsonValue.String)])),
        };
        if (schema.ImportedVersionHash is { } imported) members.Add(("imported_version_hash", JsonValue.String(imported)));
        if (schema.Description is { } description) members.Add(("description", JsonValue.String(description)));
        return JsonValue.Object([.. members]);
    }

    private static void CheckTypes(string schema, string table, JsonValue json)
    {
        foreach (var (name, column) in json["columns"]!.Members)
        {
            if (column["data_type"] is { Kind: JsonKind.String } type && !DataTypes.TryParse(type.AsString(), out _))
            {
                throw new SchemaException(
                    $"Column '{table}.{name}' of stored schema '{schema}' has the unknown data type '{type.AsString()}'.")
                {
                    Table = table,
                    Column = name,
                };
            }
        }
    }

    /// <summary>Removes columns that had only null values in old schemas, so they are inferred again (docs/spec/pipeline.md 3.5).</summary>
    private static TableSchema DropSeenNullFirst(TableSchema table)
    {
        static bool IsMarked(ColumnSchema column) =>
            column.Properties["x-normalizer"] is { Kind: JsonKind.Object } hints && hints["seen-null-first"] is not null;
        if (!table.Columns.Any(IsMarked)) return table;
        return table.WithColumns(table.Columns
            .Where(c => !IsMarked(c) || c.HasType)
            .Select(c =>
            {
                if (!IsMarked(c)) return c;
                var hints = c.Properties["x-normalizer"]!.Without("seen-null-first");
                return hints.Members.Count == 0 ? c.Without("x-normalizer") : c.With("x-normalizer", hints);
            }));
    }
}

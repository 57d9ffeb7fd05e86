using Dlt.Golden.Athena;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Rest;

/// <summary>Compares what a run has left: rows, schema and state.</summary>
internal static class RestEndState
{
    /// <param name="run">The run with its expectation.</param>
    /// <param name="schema">The expected schema; null for none.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="source">Name of the source.</param>
    /// <param name="account">The account that was loaded; null when the run ended with its package.</param>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        JsonValue run, JsonValue? schema, WorkingFolder folder, string source, CaseAccount? account)
    {
        var stored = folder.LoadSchema(source, 255);
        var rows = account is not null
            ? await LoadedTables.ReadAsync(account, t => stored!.Table(t), TestContext.Current.CancellationToken)
            : OfPackages(folder);
        return [.. Tables(run["tables"]!, rows, stored), .. SchemaProblems(schema, stored), .. State(run["state"]!, folder)];
    }

    private static Dictionary<string, List<JsonValue>> OfPackages(WorkingFolder folder)
    {
        var packages = WorkingFolder.Packages(folder.Normalized).ToList();
        var schemas = packages.ToDictionary(p => p.LoadId, p => p.LoadSchema(255));
        return PackageRows.Read(packages, p => schemas[p.LoadId]).Where(t => !SystemTables.IsSystemName(t.Key)).ToDictionary();
    }

    private static IEnumerable<string> Tables(JsonValue expected, Dictionary<string, List<JsonValue>> actual, Schema? schema)
    {
        var wanted = expected.Members.Where(t => t.Value.Items.Length > 0).Select(t => t.Key).Order(StringComparer.Ordinal).ToList();
        var found = actual.Where(t => t.Value.Count > 0).Select(t => t.Key).Order(StringComparer.Ordinal).ToList();
        if (!wanted.SequenceEqual(found))
        {
            yield return $"tables: {Joined(found)} in place of {Joined(wanted)}";
            yield break;
        }

        foreach (var empty in expected.Members.Where(t => t.Value.Items.Length == 0))
            if (schema?.TryGetTable(empty.Key, out _) != true) yield return $"tables: {empty.Key} is missing";
        if (found.Count == 0) yield break;
        var golden = wanted.ToDictionary(t => t, t => Golden(expected[t]!, schema!, schema!.Table(t)));
        var own = found.ToDictionary(t => t, t => actual[t].Select(r => Own(r, schema!.Table(t))).ToList());
        var (expectedRows, actualRows) = (Canonical(golden, schema!), Canonical(own, schema!));
        foreach (var table in wanted)
        {
            if (expectedRows[table].SequenceEqual(actualRows[table])) continue;
            yield return $"tables: {table}{Lines(actualRows[table])}\n in place of{Lines(expectedRows[table])}";
        }
    }

    private static Dictionary<string, List<string>> Canonical(Dictionary<string, List<JsonValue>> tables, Schema schema) =>
        CanonicalRows.Of(tables, schema, tables.SelectMany(t => t.Value).Select(r => r["_dlt_id"]!.AsString()).ToHashSet());

    /// <summary>Golden rows with ids made of their places.</summary>
    private static List<JsonValue> Golden(JsonValue rows, Schema schema, TableSchema table)
    {
        var withIds = rows.Items.Select((r, i) => LoadedTables.Comparable(r, table).With("_dlt_id", JsonValue.String($"#{i}")));
        return GoldenRows.Of(withIds, schema, table);
    }

    private static JsonValue Own(JsonValue row, TableSchema table) =>
        LoadedTables.Comparable(row.Without("_dlt_load_id").Without("_dlt_root_id"), table);

    private static IEnumerable<string> SchemaProblems(JsonValue? expected, Schema? schema)
    {
        var wanted = (expected?.Members.AsEnumerable() ?? []).ToDictionary(t => t.Key, t => JsonText.Write(Sorted(t.Value)));
        var actual = (schema?.DataTables ?? []).ToDictionary(t => t.Name, t => JsonText.Write(Sorted(OfTable(t))));
        foreach (var name in wanted.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (wanted.GetValueOrDefault(name, "none"), actual.GetValueOrDefault(name, "none"));
            if (before != after) yield return $"schema: {name} {after}\n in place of {before}";
        }
    }

    /// <summary>A table in the form of the golden schemas: without system columns and without what the name says.</summary>
    private static JsonValue OfTable(TableSchema table)
    {
        var columns = table.Columns.Where(c => !c.Name.StartsWith("_dlt_", StringComparison.Ordinal))
            .Select(c => KeyValuePair.Create(c.Name, c.Properties.Without("name")));
        var json = table.ToJson().Without("name").Without("x-normalizer").With("columns", JsonValue.Object(columns));
        return json["resource"]?.Equals(JsonValue.String(table.Name)) == true ? json.Without("resource") : json;
    }

    /// <summary>Properties in the order of their names; columns keep theirs.</summary>
    private static JsonValue Sorted(JsonValue table) => JsonValue.Object(table.Members.OrderBy(m => m.Key, StringComparer.Ordinal)
        .Select(m => KeyValuePair.Create(m.Key, m.Key != "columns" ? m.Value : JsonValue.Object(m.Value.Members.Select(c =>
            KeyValuePair.Create(c.Key, JsonValue.Object(c.Value.Members.OrderBy(p => p.Key, StringComparer.Ordinal))))))));

    private static IEnumerable<string> State(JsonValue expected, WorkingFolder folder)
    {
        var actual = folder.LoadState()?.Json["sources"] ?? JsonValue.EmptyObject;
        var (before, after) = (Text(expected), Text(actual));
        if (before != after) yield return $"state: {after}\n in place of {before}";

        static string Text(JsonValue state) => JsonText.Write(StateChecks.WithSortedHashes(state), sortKeys: true);
    }

    private static string Lines(IEnumerable<string> rows) => string.Concat(rows.Select(r => "\n  " + r));

    private static string Joined(IEnumerable<string> names) => string.Join(", ", names);
}

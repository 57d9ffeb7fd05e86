using System.Text.RegularExpressions;
using Dlt.Destinations;
using Dlt.Golden.Differences;
using Dlt.Json;
using Dlt.Packages;
using Dlt.SchemaFiles;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Compares the working folder after a run with its expectation.</summary>
/// <param name="path">The working folder.</param>
/// <param name="random">Row ids that came from random bytes so far.</param>
internal sealed partial class PipelineChecks(string path, IReadOnlySet<string> random)
{
    private readonly HashSet<string> _known = [];
    private readonly Dictionary<string, JsonValue> _schemas = [];

    /// <param name="expected">The files of the run by their names.</param>
    public void Check(JsonValue expected)
    {
        var folder = new WorkingFolder(path);
        foreach (var (file, stored) in expected.Members.Where(m => m.Key.StartsWith("schema.", StringComparison.Ordinal)))
        {
            if (file.EndsWith(".yaml", StringComparison.Ordinal)) Exported(stored, folder);
            else _schemas[stored["name"]!.AsString()] = stored;
        }

        foreach (var (name, stored) in _schemas) AssertSchema(
            stored, folder.LoadSchema(name, 255) ?? throw new FileNotFoundException($"The schema '{name}' was not stored."));
        var packages = WorkingFolder.Packages(folder.Normalized).Where(p => _known.Add(p.LoadId)).ToList();
        var run = expected["run.json"]!;
        if (run["packages"] is { } listed && run["ok"]!.AsBool()) Packages(listed, folder);
        if (!run["ok"]!.AsBool()) return;
        AssertRefresh(run, [.. WorkingFolder.Packages(folder.Normalized)]);

        var schemas = packages.ToDictionary(p => p.LoadId, p => p.LoadSchema(255));
        var rows = PackageRows.Read(packages, p => schemas[p.LoadId]);
        rows.Remove(SystemTables.State);
        var isOurs = run.Members.Names.Any(n => n[0] == '+');
        if (isOurs) Ours(run, rows, schemas.Values);
        else Rows(expected["tables"] ?? JsonValue.EmptyObject, rows, schemas);
        if (expected["files.json"] is { } files) AssertFiles(files, packages, schemas);
        if (expected["state.json"] is { } state) StateChecks.Check(state, folder.LoadState()!.Json);
        if (expected["schema_updates.json"] is { } updates) AssertUpdates(updates, packages);
    }

    /// <summary>
    /// The order of properties is free, and dlt knows hashes of schemas that it stores half-way through extract, which are never stored
    /// here.
    /// </summary>
    public static void SchemaFiles(JsonValue expected, string folder)
    {
        foreach (var (file, text) in expected.Members) Assert.Equal(
            SchemaText(text.AsString(), file), SchemaText(File.ReadAllText(Path.Combine(folder, file)), file));
    }

    private static string SchemaText(string yaml, string file) =>
        JsonText.Write(SchemaYaml.Read(yaml, file).Without("previous_hashes"), sortKeys: true);

    private static void Exported(JsonValue yaml, WorkingFolder folder)
    {
        var name = SchemaYaml.Read(yaml.AsString(), "expected")["name"]!.AsString();
        var own = SchemaYaml.Write(SchemaExport.WithoutNames(SchemaJson.ToJson(folder.LoadSchema(name, 255)!)));
        Assert.Equal(SchemaText(yaml.AsString(), "expected"), SchemaText(own, "exported"));
    }

    /// <summary>The place of each package, and the tables of its files.</summary>
    private static void Packages(JsonValue expected, WorkingFolder folder)
    {
        static string TableOf(string job) => job[..job.IndexOf('.', StringComparison.Ordinal)];
        var normalized = WorkingFolder.Packages(folder.Normalized).ToDictionary(p => Ordinal(p.LoadId));
        foreach (var package in expected.Items)
        {
            var load = package["load"]!.AsInt64();
            var state = package["state"]!.AsString();
            Assert.True(normalized.ContainsKey(load) == (state == "normalized"), $"package {load} is {state} in dlt");
            if (state != "normalized") continue;
            var wanted = (package["jobs"]?["new_jobs"]?.Items ?? []).Select(j => TableOf(j.AsString())).Distinct()
                .Order(StringComparer.Ordinal);
            Assert.Equal(
                wanted, normalized[load].Jobs(PackageFolders.NewJobs).Select(f => JobFileName.Parse(Path.GetFileName(f)).Table).Distinct()
                    .Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Load ids are numbered from 1700000001.</summary>
    internal static long Ordinal(string loadId) => long.Parse(loadId.AsSpan(0, loadId.IndexOf('.', StringComparison.Ordinal))) - 1700000000;

    /// <summary>The expectation for a run that dlt cannot finish (<see cref="PipelineEdit"/>).</summary>
    private static void Ours(JsonValue run, Dictionary<string, List<JsonValue>> rows, IReadOnlyCollection<Schema> schemas)
    {
        static string Text(JsonValue row) =>
            CanonicalRows.Text(JsonValue.Object(row.Members.Where(m => !m.Key.StartsWith("_dlt", StringComparison.Ordinal))));
        foreach (var (table, wanted) in Part(PipelineEdit.OurValues))
            Assert.Equal(
                wanted.Items.Select(Text).Order(StringComparer.Ordinal), rows.GetValueOrDefault(table, []).Select(Text)
                    .Order(StringComparer.Ordinal));
        foreach (var (table, columns) in Part(PipelineEdit.OurColumns))
        {
            foreach (var (column, type) in columns.Members)
                Assert.Equal(
                    type.AsString(), schemas.Last(s => s.TryGetTable(table, out _)).Table(table)
                        .ToJson()["columns"]![column]?["data_type"]?.AsString());
        }

        if (run[PipelineEdit.OurRows] is { } count) Assert.Equal(count.AsInt64(), rows.Sum(r => (long)r.Value.Count));
        foreach (var table in run[PipelineEdit.OurTables]?.Items ?? []) Assert.Contains(table.AsString(), rows.Keys);

        IEnumerable<KeyValuePair<string, JsonValue>> Part(string name) => run[name] is { } part ? part.Members : [];
    }

    private void Rows(JsonValue expected, Dictionary<string, List<JsonValue>> rows, Dictionary<string, Schema> schemas)
    {
        var left = expected.Members.ToDictionary(m => m.Key, m => m.Value);
        left.Remove(SystemTables.State);
        foreach (var group in rows.Keys.GroupBy(t => schemas.Values.Last(s => s.TryGetTable(t, out _))))
        {
            var own = rows.Where(t => group.Contains(t.Key)).ToDictionary();
            var golden = new Dictionary<string, List<JsonValue>>();
            foreach (var table in own.Keys)
            {
                Assert.True(left.Remove(FileName().Replace(table, "_"), out var wanted), $"table {table} was not expected");
                golden[table] = GoldenRows.Of(wanted!.Items, group.Key, group.Key.Table(table));
            }

            // Both sides go through one ordering: root rows of equal text differ in their subtrees only.
            var expectedRows = CanonicalRows.Of(golden, group.Key, GoldenRows.RandomIds(golden));
            foreach (var (table, actual) in CanonicalRows.Of(own, group.Key, random)) Assert.Equal(
                string.Join('\n', expectedRows[table]), string.Join('\n', actual));
        }

        Assert.Empty(left.Keys);
    }

    /// <summary>Packages carry the tables that a refresh drops or empties.</summary>
    private static void AssertRefresh(JsonValue run, List<LoadPackage> packages)
    {
        foreach (var expected in run["packages"]?.Items ?? [])
        {
            foreach (var list in new[] { "dropped_tables", "truncated_tables" })
            {
                if (expected[list] is not { } tables) continue;
                var state = packages.Single(p => Ordinal(p.LoadId) == expected["load"]!.AsInt64()).LoadState();
                // The order of tables is free (README), but children go before their parents.
                var names = state[list]!.Items.Select(t => t["name"]!.AsString()).ToList();
                Assert.Equal(tables.Items.Select(t => t.AsString()).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
                Assert.All(
                    state[list]!.Items, t =>
                        Assert.True(
                            t["parent"] is not { } parent || names.IndexOf(parent.AsString()) > names.IndexOf(t["name"]!.AsString())));
            }
        }
    }

    private static void AssertSchema(JsonValue expected, Schema actual)
    {
        foreach (var (name, table) in expected["tables"]!.Members)
        {
            Assert.Equal(table["columns"]!.Members.Names, actual.Table(name).Columns.Select(c => c.Name));
            Assert.Equal(JsonText.Write(table, sortKeys: true), JsonText.Write(actual.Table(name).ToJson(), sortKeys: true));
        }

        Assert.Equal(
            expected["tables"]!.Members.Names.Order(StringComparer.Ordinal), actual.Tables.Select(t => t.Name)
                .Order(StringComparer.Ordinal));
        Assert.Equal(JsonText.Write(expected["normalizers"]!, sortKeys: true), JsonText.Write(actual.Normalizers, sortKeys: true));
        if (expected["version"] is { } version) Assert.Equal(version.AsInt64(), actual.Version);
        if (expected["version_hash"] is { } hash) Assert.Equal(hash.AsString(), actual.VersionHash);
    }

    /// <summary>
    /// Of the files: column order, type, nullability and total rows. Codec, encodings, row groups and the split into files are ours.
    /// </summary>
    private static void AssertFiles(JsonValue expected, List<LoadPackage> packages, Dictionary<string, Schema> schemas)
    {
        foreach (var (table, files) in expected.Members)
        {
            var own = packages.SelectMany(
                p =>
                    p.Jobs(PackageFolders.NewJobs)
                        .Where(f => JobTables.Resolve(JobFileName.Parse(Path.GetFileName(f)), schemas[p.LoadId]) == table)).ToList();
            var (columns, rows) = PackageRows.Facts(own);
            Assert.Equal(files.Items.Sum(f => f["rows"]!.AsInt64()), rows);
            // Times in Iceberg tables have microseconds (docs/spec/iceberg.md 5.1). dlt's files go there through a query, which converts.
            var isIceberg = schemas.Values.Any(
                s => s.TryGetTable(table, out var known) && AthenaCapabilities.Default.IsIceberg(s, known));
            var wanted = new List<string>();
            foreach (var column in files.Items.SelectMany(f => f["columns"]!.Items))
            {
                if (
                    column.Items[0].AsString()
                        .Contains(" columns from ", StringComparison.Ordinal)) return;   // very wide files are shortened
                var fact = $"{column.Items[0].AsString()} {ParquetType(column.Items[1].AsString())} {column.Items[2].AsString()}";
                if (isIceberg) fact = fact.Replace("timestamp[ms]", "timestamp[us]", StringComparison.Ordinal);
                if (!wanted.Contains(fact)) wanted.Add(fact);
            }

            Assert.Equal(
                string.Join('\n', wanted),
                    string.Join('\n', columns.Select(c => $"{c.Name} {c.Type} {(c.Nullable ? "null" : "not null")}")));
        }
    }

    /// <summary>Large texts and dictionaries are the same in the file; only its stored Arrow schema distinguishes them.</summary>
    private static string ParquetType(string arrowType) => arrowType switch
    {
        "large_string" => "string",
        _ when arrowType.StartsWith("dictionary<values=", StringComparison.Ordinal) =>
            ParquetType(arrowType["dictionary<values=".Length..arrowType.IndexOf(',', StringComparison.Ordinal)]),
        _ => arrowType,
    };

    private static void AssertUpdates(JsonValue expected, List<LoadPackage> packages)
    {
        foreach (var package in packages)
        {
            if (expected[$"load#{Ordinal(package.LoadId)}"] is not { } wanted) continue;
            var actual = AtomicFile.ReadJson(package.PathOf(PackageFolders.SchemaUpdates));
            Assert.Equal(JsonText.Write(wanted, sortKeys: true), JsonText.Write(actual, sortKeys: true));
        }
    }

    [GeneratedRegex(@"[^A-Za-z0-9_.\-]")]
    private static partial Regex FileName();
}

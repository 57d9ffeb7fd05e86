using Dlt.Iceberg;
using Dlt.Iceberg.Avro;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Iceberg;

/// <summary>Commits to tables of version 3 have the form of those of Java: schemas of manifests, and ids of rows.</summary>
internal static class RowLineageShapes
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Checks a table after one row was appended.</summary>
    public static async Task CheckAppendedAsync(Table golden, Table table)
    {
        var reader = new SnapshotReader(table.Files, table.Metadata);
        var manifests = await reader.ManifestsAsync(table.Metadata.CurrentSnapshot!, Cancellation);
        Assert.All(manifests, m => Assert.Equal(m.IsDeletes, m.FirstRowId is null));
        var snapshot = table.Metadata.CurrentSnapshot!;
        Assert.Equal(golden.Metadata.NextRowId, snapshot.FirstRowId);
        Assert.Equal(snapshot.FirstRowId + snapshot.AddedRows, table.Metadata.NextRowId);
        var files = (await reader.LiveEntriesAsync(manifests.Where(m => !m.IsDeletes), Cancellation)).ConvertAll(e => e.File);
        var ranges = files.Select(f => (First: f.FirstRowId!.Value, f.RecordCount)).OrderBy(r => r.First).ToList();
        for (var i = 1; i < ranges.Count; i++) Assert.True(ranges[i - 1].First + ranges[i - 1].RecordCount <= ranges[i].First);
        Assert.True(ranges[^1].First + ranges[^1].RecordCount <= table.Metadata.NextRowId);

        if (golden.Metadata.CurrentSnapshot is not { FirstRowId: not null, ManifestList: { } list } parent) return;
        await AssertSameFormAsync(golden, list, table, snapshot.ManifestList!);
        var before = await new SnapshotReader(golden.Files, golden.Metadata).ManifestsAsync(parent, Cancellation);
        var own = manifests.First(m => m.AddedSnapshotId == snapshot.SnapshotId);
        // Manifests of a time before the upgrade have the form of version 2.
        var known = before.Find(m => m.SpecId == own.SpecId && m.AddedSnapshotId == parent.SnapshotId);
        if (known is not null) await AssertSameFormAsync(golden, known.Path, table, own.Path);
    }

    private static async Task AssertSameFormAsync(Table golden, string theirs, Table table, string ours)
    {
        var (expected, actual) = (await FormAsync(golden, theirs), await FormAsync(table, ours));
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.Schema, actual.Schema);
    }

    private static async Task<(string? Version, string Schema)> FormAsync(Table table, string location)
    {
        var file = new AvroFile(await table.Files.ReadAsync(location, Cancellation), location);
        return (file.Text("format-version"), JsonText.Write(WithoutDocs(JsonParser.Parse(file.Text("avro.schema")!)), sortKeys: true));
    }

    private static JsonValue WithoutDocs(JsonValue json) => json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(
            json.Members.Where(m => m.Key != "doc").Select(m => KeyValuePair.Create(m.Key, WithoutDocs(m.Value)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(WithoutDocs)]),
        _ => json,
    };
}

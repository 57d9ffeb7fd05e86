using System.Globalization;
using Dlt.Files;
using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Xunit;

namespace Dlt.Golden.Iceberg;

public class TableTests
{
    public static TheoryData<string> Cases => GoldenTables.Cases();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Metadata_is_written_back_with_every_member(string id) => Judge.Run(GoldenTables.Case("metadata", id), _ =>
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(
            Path.Combine(GoldenFolder.Find(GoldenTables.Folder)!, GoldenTables.Expected(id)["metadata"]!.AsString()))!, "*.json*"))
        {
            if (!file.Contains(".metadata.json", StringComparison.Ordinal)) continue;
            var metadata = TableMetadataJson.Read(File.ReadAllBytes(file), file);
            AssertContains(metadata.Source!, TableMetadataJson.ToJson(metadata), Path.GetFileName(file));
            Assert.Equal(JsonText.Write(TableMetadataJson.ToJson(metadata), sortKeys: true),
                JsonText.Write(TableMetadataJson.ToJson(TableMetadataJson.Read(TableMetadataJson.Write(metadata), file)), sortKeys: true));
        }
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Snapshots_manifests_files_and_their_deletes_are_those_of_java(string id) =>
        Judge.Run(GoldenTables.Case("files", id), _ => CheckFilesAsync(id).GetAwaiter().GetResult());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Rows_of_head_and_of_every_snapshot_are_those_that_the_engine_wrote(string id) =>
        Judge.Run(GoldenTables.Case("rows", id), _ => CheckRowsAsync(id).GetAwaiter().GetResult());

    private static async Task CheckRowsAsync(string id)
    {
        var expected = GoldenTables.Expected(id);
        var table = await GoldenTables.OpenAsync(id);
        var ruled = expected["notes"] is { Kind: JsonKind.Array } notes
            ? notes.Items.Where(n => n.Kind == JsonKind.Object).Select(n => n["rows by the rules of the format"])
            .FirstOrDefault(r => r is not null) : null;
        JsonValue? RowsOf(JsonValue place) => place["rows"] is { Kind: JsonKind.Array } rows ? rows
            : place["snapshotId"] is { Kind: JsonKind.Integer } s ? ruled?[s.AsInt64().ToString(CultureInfo.InvariantCulture)] : null;
        if (RowsOf(expected["head"]!) is { } head) Assert.Equal(Sorted(head), await GoldenTables.RowsAsync(table, table.Scan()));
        Assert.Equal(await GoldenTables.RowsAsync(table, table.Scan()), await BatchRowsAsync(table.Scan()));
        foreach (var snapshot in expected["snapshots"]!.Items)
            if (RowsOf(snapshot) is { } rows)
                Assert.Equal(
                    Sorted(rows), await GoldenTables.RowsAsync(table, table.Scan().UseSnapshot(snapshot["snapshotId"]!.AsInt64())));
    }

    /// <summary>The rows of Arrow batches, through a file of them: read again as rows are.</summary>
    private static async Task<List<string>> BatchRowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var batch in scan.ReadBatchesAsync(Cancellation))
        {
            using (batch)
            {
                var projection = new FileProjection(batch.Schema, new DataFileRequest("batch", scan.Schema));
                rows.AddRange(projection.Rows(batch).Select(r => JsonText.Write(Canonical.Of(scan.Schema.Struct, r))));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static IEnumerable<string> Sorted(JsonValue rows) => rows.Items.Select(r => JsonText.Write(r)).Order(StringComparer.Ordinal);

    private static async Task CheckFilesAsync(string id)
    {
        var expected = GoldenTables.Expected(id);
        TableShapes.Check(expected);
        var table = await GoldenTables.OpenAsync(id);
        var metadata = table.Metadata;
        Assert.Equal(expected["currentSnapshotId"] is { Kind: JsonKind.Integer } current && current.AsInt64() != -1
            ? current.AsInt64() : null, metadata.CurrentSnapshot?.SnapshotId);
        Assert.Equal(expected["currentSchemaId"]!.AsInt64(), metadata.CurrentSchemaId);
        Assert.Equal(expected["defaultSpecId"]!.AsInt64(), metadata.DefaultSpecId);
        Assert.Equal(
            expected["refs"]!.Members.Select(r => $"{r.Key} {r.Value["type"]!.AsString()} {r.Value["snapshotId"]!.AsInt64()}")
                .Order(StringComparer.Ordinal),
            metadata.Refs.Select(r => $"{r.Key} {(r.Value.IsBranch ? "branch" : "tag")} {r.Value.SnapshotId}")
                .Order(StringComparer.Ordinal));
        foreach (var wanted in expected["snapshots"]!.Items)
        {
            var snapshot = metadata.Find(wanted["snapshotId"]!.AsInt64())!;
            Assert.Equal(wanted["sequenceNumber"]!.AsInt64(), snapshot.SequenceNumber);
            var reader = new SnapshotReader(table.Files, metadata);
            var manifests = await reader.ManifestsAsync(snapshot, Cancellation);
            Assert.Equal(wanted["manifests"]!.Items.Select(m => m.AsString()), manifests.Select(m => m.Path));
            foreach (var manifest in manifests) CheckManifest(expected["manifests"]![manifest.Path]!, manifest, metadata);
            var live = await reader.LiveEntriesAsync(manifests, Cancellation);
            Assert.Equal(wanted["liveFiles"]!.Items.Select(f => f.AsString()).Order(StringComparer.Ordinal),
                live.Select(KeyOf).Order(StringComparer.Ordinal));
            // A file that was appended twice is listed once.
            foreach (var entry in live.GroupBy(KeyOf).Where(g => g.Count() == 1).SelectMany(g => g))
                CheckFile(expected["files"]![KeyOf(entry)]!, entry, metadata);
            foreach (var (file, numbers) in wanted["sequenceNumbers"]?.Members.AsEnumerable() ?? [])
            {
                var own = live.Where(e => KeyOf(e) == file).Select(e => (e.SequenceNumber, e.FileSequenceNumber))
                    .Order().Select(n => $"{n.SequenceNumber} {n.FileSequenceNumber}");
                Assert.Equal(numbers.Items.Select(n => $"{n.Items[0].AsInt64()} {n.Items[1].AsInt64()}"), own);
            }

            var applied = new Dictionary<string, string>(StringComparer.Ordinal);
            var index = new DeleteIndex(live.Where(e => e.File.Content != FileContent.Data), metadata);
            foreach (var entry in live.Where(e => e.File.Content == FileContent.Data))
                if (index.Of(entry) is { Count: > 0 } deletes)
                    applied[entry.File.FilePath] = string.Join(' ', deletes.Select(KeyOf).Order(StringComparer.Ordinal));
            Assert.Equal(
                (wanted["deletesApplied"] is { Kind: JsonKind.Object } known ? known.Members.AsEnumerable() : [])
                    .Select(d => $"{d.Key}: {string.Join(' ', d.Value.Items.Select(i => i.AsString()).Order(StringComparer.Ordinal))}")
                    .Order(StringComparer.Ordinal),
                applied.Select(d => $"{d.Key}: {d.Value}").Order(StringComparer.Ordinal));
        }
    }

    private static string KeyOf(ManifestEntry entry) =>
        entry.File.IsDeletionVector
            ? string.Create(CultureInfo.InvariantCulture, $"{entry.File.FilePath}#{entry.File.ContentOffset}") : entry.File.FilePath;

    private static void CheckManifest(JsonValue expected, ManifestFile manifest, TableMetadata metadata)
    {
        var actual = new Dictionary<string, long?>
        {
            ["length"] = manifest.Length,
            ["content"] = manifest.IsDeletes
                ? 1 : 0,
            ["specId"] = manifest.SpecId,
            ["sequenceNumber"] = manifest.SequenceNumber,
            ["minSequenceNumber"] = manifest.MinSequenceNumber,
            ["addedSnapshotId"] = manifest.AddedSnapshotId,
            ["addedFiles"] = manifest.AddedFiles,
            ["existingFiles"] = manifest.ExistingFiles,
            ["deletedFiles"] = manifest.DeletedFiles,
            ["addedRows"] = manifest.AddedRows,
            ["existingRows"] = manifest.ExistingRows,
            ["deletedRows"] = manifest.DeletedRows,
        };
        foreach (var (name, value) in actual)
            if (expected[name] is { Kind: JsonKind.Integer } wanted) Assert.Equal($"{name} {wanted.AsInt64()}", $"{name} {value}");
        if (expected["partitions"] is not { Kind: JsonKind.Array } partitions || manifest.Partitions.IsDefault) return;
        var spec = metadata.SpecOf(manifest.SpecId)!;
        for (var i = 0; i < partitions.Items.Length; i++)
        {
            var wanted = partitions.Items[i];
            var summary = manifest.Partitions[i];
            Assert.Equal(wanted["containsNull"]!.AsBool(), summary.ContainsNull);
            if (PartitionSpec.ResultType(spec.Fields[i], metadata.CurrentSchema) is not { } type) continue;
            Assert.Equal(JsonText.Write(wanted["lower"] ?? JsonValue.Null), Bound(type, summary.LowerBound));
            Assert.Equal(JsonText.Write(wanted["upper"] ?? JsonValue.Null), Bound(type, summary.UpperBound));
        }
    }

    private static string Bound(PrimitiveType type, byte[]? bytes) =>
        bytes is not null && SingleValue.TryDecode(type, bytes, out var value) ? JsonText.Write(Canonical.Of(type, value)) : "null";

    private static void CheckFile(JsonValue expected, ManifestEntry entry, TableMetadata metadata)
    {
        var file = entry.File;
        Assert.Equal(expected["content"]!.AsInt64(), (long)file.Content);
        Assert.Equal(expected["format"]!.AsString(), file.FileFormat);
        Assert.Equal(expected["specId"]!.AsInt64(), file.SpecId);
        Assert.Equal(expected["recordCount"]!.AsInt64(), file.RecordCount);
        Assert.Equal(expected["size"]!.AsInt64(), file.FileSizeInBytes);
        Assert.Equal(expected["dataSequenceNumber"]!.AsInt64(), entry.SequenceNumber);
        Assert.Equal(expected["fileSequenceNumber"]!.AsInt64(), entry.FileSequenceNumber);
        foreach (var (name, counts) in new[] { ("columnSizes", file.ColumnSizes), ("valueCounts", file.ValueCounts),
            ("nullCounts", file.NullValueCounts), ("nanCounts", file.NanValueCounts) })
        {
            var seen = (counts ?? new Dictionary<int, long>()).OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}");
            Assert.Equal(
                $"{name} {Map(expected[name], v => v.AsInt64().ToString(CultureInfo.InvariantCulture))}",
                $"{name} {string.Join(' ', seen)}");
        }

        foreach (var (name, bounds) in new[] { ("lowerBounds", file.LowerBounds), ("upperBounds", file.UpperBounds) })
        {
            var ordered = (bounds ?? new Dictionary<int, byte[]>()).OrderBy(b => b.Key);
            var seen = string.Join(' ', ordered.Select(b => $"{b.Key}={Convert.ToHexStringLower(b.Value)}"));
            Assert.Equal($"{name} {Map(expected[name], v => v.AsString())}", $"{name} {seen}");
        }

        Assert.Equal(expected["referencedDataFile"] is { Kind: JsonKind.String } target ? target.AsString() : null,
            file.ReferencedDataFile);
        Assert.Equal(expected["equalityIds"] is { Kind: JsonKind.Array } ids ? string.Join(',', ids.Items.Select(i => i.AsInt64())) : "",
            string.Join(',', file.EqualityIds));
        if (metadata.SpecOf(file.SpecId) is not { } spec || expected["partition"] is not { Kind: JsonKind.Object } partition) return;
        for (var i = 0; i < spec.Fields.Length; i++)
        {
            if (partition[spec.Fields[i].Name] is not { } wanted
                || PartitionSpec.ResultType(spec.Fields[i], metadata.CurrentSchema) is not { } type) continue;
            if (spec.Fields[i].Transform is VoidTransform) Assert.Null(file.Partition[i]);
            else Assert.Equal($"{spec.Fields[i].Name} {JsonText.Write(wanted)}",
                $"{spec.Fields[i].Name} {JsonText.Write(Canonical.Of(Stored(type, file.Partition[i]), file.Partition[i]))}");
        }

        if (expected["partitionPath"] is { Kind: JsonKind.String } path
            && spec.Fields.All(f => PartitionSpec.ResultType(f, metadata.CurrentSchema) is not null))
            Assert.Equal(path.AsString(), PartitionPath.Of(spec, metadata.CurrentSchema, file.Partition));
    }

    /// <summary>A value from before a promotion has the older type.</summary>
    private static PrimitiveType Stored(PrimitiveType type, object? value) => (type.Kind, value) switch
    {
        (PrimitiveKind.Long, int) => new(PrimitiveKind.Int),
        (PrimitiveKind.Double, float) => new(PrimitiveKind.Float),
        _ => type,
    };

    private static string Map(JsonValue? json, Func<JsonValue, string> text) =>
        json is { Kind: JsonKind.Object }
            ? string.Join(' ', json.Members.OrderBy(m => int.Parse(m.Key, CultureInfo.InvariantCulture))
                .Select(m => $"{m.Key}={text(m.Value)}")) : "";

    /// <summary>Every member of the file is in our output with its value; version 1 is completed.</summary>
    private static void AssertContains(JsonValue expected, JsonValue actual, string place)
    {
        Assert.True(expected.Kind == actual.Kind || (expected.IsNull && actual.Kind == JsonKind.Integer),
            $"{place}: {JsonText.Write(expected)} became {JsonText.Write(actual)}");
        if (expected.Kind == JsonKind.Object)
        {
            foreach (var (name, value) in expected.Members)
            {
                if (value.IsNull && actual[name] is null) continue;
                Assert.True(actual[name] is not null, $"{place}.{name} is lost");
                AssertContains(value, actual[name]!, $"{place}.{name}");
            }
        }
        else if (expected.Kind == JsonKind.Array)
        {
            Assert.True(expected.Items.Length == actual.Items.Length,
                $"{place} has {expected.Items.Length} items, and then {actual.Items.Length}");
            for (var i = 0; i < expected.Items.Length; i++) AssertContains(expected.Items[i], actual.Items[i], $"{place}[{i}]");
        }
        else if (expected.Kind != JsonKind.Null && !place.EndsWith(".location", StringComparison.Ordinal))
        {
            Assert.Equal($"{place} {Plain(expected, place)}", $"{place} {Plain(actual, place)}");
        }
    }

    /// <summary>Types are written with blanks and without.</summary>
    private static string Plain(JsonValue value, string place) =>
        place[(place.LastIndexOf('.') + 1)..] is "type" or "element" or "key" or "value"
            ? JsonText.Write(value).Replace(" ", "", StringComparison.Ordinal) : JsonText.Write(value);
}

using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Xunit;

namespace Dlt.Golden.Iceberg;

public class PredicateTests
{
    public static TheoryData<string> Cases
    {
        get
        {
            var data = new TheoryData<string>();
            if (!GoldenTables.Has("predicates.json")) return Judge.OrSkipped(data);
            foreach (var line in GoldenTables.Read("predicates.json").Items) data.Add(line["case"]!.AsString());
            return data;
        }
    }

    /// <summary>
    /// Files that Java keeps are kept, and "all rows match" is said where Java's rows do; fewer files may be kept than Java keeps, and
    /// never one with a matching row.
    /// </summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void No_file_with_a_matching_row_is_pruned(string id) =>
        Judge.Run(new(GoldenTables.Folder, "predicates", "predicates:" + id, JsonValue.EmptyObject, static () => JsonValue.EmptyObject),
            _ => CheckAsync(id).GetAwaiter().GetResult());

    private static bool Is(JsonValue decisions, string name) => decisions[name] is { Kind: JsonKind.True };

    private static async Task CheckAsync(string id)
    {
        var test = GoldenTables.Read("predicates.json").Items.Single(c => c["case"]!.AsString() == id);
        var table = await Table.OpenAsync(GoldenTables.Files, "s3://golden/" + test["metadata"]!.AsString(),
            TestContext.Current.CancellationToken);
        var schema = table.Metadata.CurrentSchema;
        var reader = new SnapshotReader(table.Files, table.Metadata);
        var manifests = await reader.ManifestsAsync(table.Metadata.CurrentSnapshot!, TestContext.Current.CancellationToken);
        var files = (await reader.LiveEntriesAsync(manifests.Where(m => !m.IsDeletes), TestContext.Current.CancellationToken))
            .ToDictionary(e => e.File.FilePath["s3://golden/".Length..][(id.Length + 1)..], e => e.File);
        var rows = new Dictionary<string, List<Dictionary<int, object?>>>(StringComparer.Ordinal);
        await foreach (var task in table.Scan().PlanFilesAsync(TestContext.Current.CancellationToken))
        {
            var list = rows[task.File.FilePath["s3://golden/".Length..][(id.Length + 1)..]] = [];
            await foreach (var batch in new TaskReader(table.Files, table.Metadata, new ParquetDataFileReader())
                .ReadAsync(task, schema, Filter.True, TestContext.Current.CancellationToken))
                list.AddRange(batch.Select(r => Flat(schema, r.Row)));
        }

        foreach (var check in test["checks"]!.Items)
        {
            Words.Check(check, "checks", "filter", "manifests", "files", "planned", "matchingRows",
                "readers", "pyiceberg", "javaError", "pyicebergError");
            if (check["planned"] is null) continue;   // Java itself failed
            var filter = FilterBinder.Bind(Filter.FromJson(check["filter"]!), schema);
            var kept = new HashSet<string>(StringComparer.Ordinal);
            foreach (var manifest in manifests.Where(m => !m.IsDeletes))
            {
                var partitions = new PartitionFilter(filter, table.Metadata.SpecOf(manifest.SpecId)!, schema);
                var mayMatch = partitions.MayMatch(manifest);
                var wanted = check["manifests"]?[manifest.Path["s3://golden/".Length..][(id.Length + 1)..]];
                if (wanted is { Kind: JsonKind.True })
                    Assert.True(mayMatch || !check["planned"]!.Items.Any(p => true),
                        $"{JsonText.Write(check["filter"]!)} prunes {manifest.Path}, which Java keeps");
            }

            foreach (var (name, decisions) in check["files"]!.Members)
            {
                var file = files[name];
                var partitions = new PartitionFilter(filter, table.Metadata.SpecOf(file.SpecId)!, schema);
                var metrics = new MetricsFilter(schema, file);
                if (partitions.MayMatch(file.Partition) && metrics.MayMatch(filter)) kept.Add(name);
                Assert.False(partitions.AllMatch(file.Partition) && !Is(decisions, "strictPartition")
                    && !Is(decisions, "strictMetrics")
                    && !metrics.AllMatch(filter), $"{JsonText.Write(check["filter"]!)}: all rows of partition {name} are said to match");
                Assert.False(metrics.AllMatch(filter) && !Is(decisions, "strictMetrics") && !Is(decisions, "strictPartition"),
                    $"{JsonText.Write(check["filter"]!)}: all rows of {name} are said to match");
            }

            var java = new JavaRowFilter(check["filter"]!, schema);
            var matching = 0L;
            foreach (var planned in check["planned"]!.Items)
                if (rows.TryGetValue(planned.AsString(), out var read)) matching += read.Count(java.Matches);
            Assert.Equal($"{JsonText.Write(check["filter"]!)} {check["matchingRows"]!.AsInt64()}",
                $"{JsonText.Write(check["filter"]!)} {matching}");
            // In SQL null and NaN match less; what matches is never in a file that is pruned.
            foreach (var (name, all) in rows)
                Assert.False(!kept.Contains(name) && all.Any(r => RowFilter.Matches(filter, f => r.GetValueOrDefault(f.Id))),
                    $"{JsonText.Write(check["filter"]!)} prunes {name}, which has a matching row");
            foreach (var planned in check["planned"]!.Items.Select(p => p.AsString()))
                Assert.True(kept.Contains(planned), $"{JsonText.Write(check["filter"]!)} prunes {planned}, which Java keeps");
        }
    }

    /// <summary>Values by field; those of a struct that is null are null.</summary>
    private static Dictionary<int, object?> Flat(Schema schema, object?[] row)
    {
        var values = new Dictionary<int, object?>();
        Add(schema.Struct, row);
        return values;

        void Add(StructType type, object?[]? fields)
        {
            for (var i = 0; i < type.Fields.Length; i++)
            {
                var value = fields?[i];
                values[type.Fields[i].Id] = value;
                if (type.Fields[i].Type is StructType nested) Add(nested, (object?[]?)value);
            }
        }
    }
}

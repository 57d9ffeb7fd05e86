using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Nanoseconds of Arrow are cut to microseconds; dlt fails where that loses digits.</summary>
internal sealed class ArrowNanoseconds() : Difference("arrow-nanoseconds")
{
    private const long PerMicrosecond = 1000;

    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("pipelines", "pipeline")) return golden["input"]!["arrow_ipc"] is not null && golden.Expected.Items.Any(LosesDigits);
        return PipelineCase.Is(golden) && golden.Expected.Members.Any(r => LosesDigits(r.Value["run.json"]!))
            && ArrowColumns.Of(golden).Any(c => c.Field.DataType is TimestampType { Unit: TimeUnit.Nanosecond });
    }

    /// <summary>As the same table with whole microseconds.</summary>
    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (PipelineCase.Is(golden))
        {
            return
            [
                PipelineEdit.MapRuns(golden, (run, files) => !LosesDigits(files["run.json"]!)
                    ? files
                    : JsonValue.Object(
                        ("run.json",
                            JsonValue.Object(
                                ("ok", JsonValue.Bool(true)), (PipelineEdit.OurRows, JsonValue.Integer(RowsOf(golden, run))))))),
            ];
        }

        var cut = JsonValue.String(Write(Cut(StoredSchemaTests.Table(golden["input"]!["arrow_ipc"]!))));
        return [golden.WithExpected(StoredSchemaTests.Observe(golden.Input.With("input", golden["input"]!.With("arrow_ipc", cut))))];
    }

    private static bool LosesDigits(JsonValue outcome) =>
        (outcome["errors"] ?? outcome["error"]) is { Kind: JsonKind.Array } chain
            && chain.Items.Any(
                e =>
                    e["message"] is { Kind: JsonKind.String } text
                        && text.AsString().Contains("would lose data", StringComparison.Ordinal));

    private static long RowsOf(GoldenCase golden, int run) => (golden["runs"]!.Items[run]["resources"]?.Items ?? [])
        .Select(r => r["input"]).OfType<JsonValue>().Select(f => f.AsString())
            .Sum(f => ArrowFile.Batches(f, golden.Files[f]).Sum(b => (long)b.Length));

    private static RecordBatch Cut(RecordBatch table) => new(table.Schema, table.Arrays.Select(Cut), table.Length);

    private static IArrowArray Cut(IArrowArray column)
    {
        if (column is not TimestampArray { Data.DataType: TimestampType { Unit: TimeUnit.Nanosecond } } times) return column;
        var values = new ArrowBuffer.Builder<long>(times.Length);
        var valid = new ArrowBuffer.BitmapBuilder(times.Length);
        for (var i = 0; i < times.Length; i++)
        {
            valid.Append(times.IsValid(i));
            values.Append(times.IsValid(i) ? times.Values[i] - Modulo(times.Values[i]) : 0);
        }

        return new TimestampArray(times.Data.DataType as TimestampType, values.Build(), valid.Build(), times.Length, times.NullCount, 0);
    }

    private static long Modulo(long nanoseconds) => ((nanoseconds % PerMicrosecond) + PerMicrosecond) % PerMicrosecond;

    private static string Write(RecordBatch table)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, table.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(table);
            writer.WriteEnd();
        }

        return Convert.ToBase64String(stream.ToArray());
    }
}

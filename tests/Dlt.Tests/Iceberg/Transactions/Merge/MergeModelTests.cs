using System.Globalization;
using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>Random merges of random tables, compared with a plain model and with upserts row by row. DLT_MERGES is the number of
/// tables.</summary>
public sealed class MergeModelTests : IDisposable
{
    private const int Tables = 13;
    private const int Steps = 10;

    private static readonly PrimitiveType[] IdTypes =
    [
        new(PrimitiveKind.Int), new(PrimitiveKind.Long), new(PrimitiveKind.String), new(PrimitiveKind.Float), new(PrimitiveKind.Double),
        PrimitiveType.Decimal(22, 3), new(PrimitiveKind.Date), new(PrimitiveKind.Timestamp), new(PrimitiveKind.TimestampTz),
        new(PrimitiveKind.Time), new(PrimitiveKind.Uuid), new(PrimitiveKind.Binary), new(PrimitiveKind.Boolean),
    ];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Any_merge_of_any_table_gives_the_rows_of_a_plain_model()
    {
        var tables = int.TryParse(Environment.GetEnvironmentVariable("DLT_MERGES"), CultureInfo.InvariantCulture, out var wanted)
            ? wanted : Tables;
        for (var seed = 0; seed < tables; seed++) await ChangeTableAsync(seed);
    }

    private async Task ChangeTableAsync(int seed)
    {
        var random = new Random(seed);
        var model = new MergeModel(random, IdTypes[seed % IdTypes.Length]);
        var table = await CreateAsync(seed, random, model);
        var done = new List<string>();
        for (var step = 0; step < Steps; step++)
        {
            var (name, next) = await StepAsync(table, model, random);
            table = next;
            done.Add(name);
            var expected = model.Rows.Select(MergeTable.Text).Order(StringComparer.Ordinal);
            var rows = await MergeTable.RowsAsync(table.Scan());
            Assert.True(expected.SequenceEqual(rows), $"seed {seed}, {model.IdType}: {string.Join(", ", done)}");
        }
    }

    private async Task<Table> CreateAsync(int seed, Random random, MergeModel model)
    {
        var schema = MergeModel.SchemaOf(model.IdType);
        var isReal = model.IdType.Kind is PrimitiveKind.Float or PrimitiveKind.Double;
        PartitionField? field = random.Next(6) switch
        {
            0 => new(3, 1000, "p", Transform.Identity),
            1 => new(2, 1000, "p", Transform.Truncate(6)),
            2 when !isReal && model.IdType.Kind != PrimitiveKind.Boolean => new(1, 1000, "p", Transform.Bucket(3)),
            3 when !isReal => new(1, 1000, "p", Transform.Identity),
            _ => null,
        };
        var spec = field is null ? PartitionSpec.Unpartitioned : new PartitionSpec(0, [field]);
        var order = random.Next(3) == 0 ? new SortOrder(1, [new(1, Transform.Identity)]) : SortOrder.Unsorted;
        var properties = new Dictionary<string, string>
        {
            ["write.merge.mode"] = seed % 2 == 0 ? "copy-on-write" : "merge-on-read",
            ["write.parquet.row-group-size-bytes"] = random.Next(2) == 0 ? "300" : "134217728",
            ["write.metadata.metrics.default"] = random.Next(3) switch { 0 => "none", 1 => "full", _ => "truncate(16)" },
        };
        if (random.Next(2) == 0)
        {
            properties["write.parquet.bloom-filter-enabled.column.id"] = "true";
            properties["write.parquet.bloom-filter-enabled.column.code"] = "true";
        }

        return await MergeTable.Catalog(_folder.Path).CreateTableAsync(
            new("db", $"t{seed}"), schema, spec, order, properties: properties, cancellationToken: Cancellation);
    }

    private static async Task<(string Name, Table Table)> StepAsync(Table table, MergeModel model, Random random)
    {
        switch (random.Next(10))
        {
            case 0 when model.Widen():
                return ("widen", await table.NewTransaction()
                    .UpdateSchema(s => s.PromoteColumn("id", model.IdType).PromoteColumn("s.z", model.IdType)).CommitAsync(Cancellation));
            case 1:
                var name = model.AddColumn();
                return ($"add {name}", await table.NewTransaction()
                    .UpdateSchema(s => s.AddColumn(name, new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation));
            case 2:
                var n = random.Next(6);
                model.Remove(r => r[2] is int value && value == n);
                return ($"delete positions n = {n}", await (await table.NewTransaction()
                    .DeleteAsync(Filter.Equal("n", n), RowChangeMode.MergeOnRead, Cancellation)).CommitAsync(Cancellation));
            case 3 when table.Metadata.DefaultSpec.IsUnpartitioned && model.Rows.Exists(r => r[1] is not null):
                return await DeleteByCodeAsync(table, model);
            case 4 or 5:
                var rows = model.NewRows(random.Next(1, 9));
                model.Add(rows);
                return ($"append {rows.Count}", await MergeTable.AppendAsync(table, [.. rows]));
            default:
                return await new RandomMerge(table, model, random).RunAsync();
        }
    }

    /// <summary>Deletes rows by an equality delete file.</summary>
    private static async Task<(string Name, Table Table)> DeleteByCodeAsync(Table table, MergeModel model)
    {
        var code = model.Rows.Find(r => r[1] is not null)![1];
        var file = Assert.Single(await MergeTable.WriteAsync(table, [[null, code, .. model.Rows[0][2..]]]));
        var deletes = file with { Content = FileContent.EqualityDeletes, EqualityIds = [table.Metadata.CurrentSchema.Find("code")!.Id] };
        model.Remove(r => Equals(r[1], code));
        return ($"delete equal {code}", await table.NewTransaction()
            .Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation));
    }
}

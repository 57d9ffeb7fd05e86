using System.Globalization;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions;

/// <summary>Random transactions of one to four changes on two branches, some with a concurrent commit, compared with a plain model.
/// DLT_FUZZ_BRANCHES is the number of tables.</summary>
public sealed class BranchModelTests : IDisposable
{
    private const int Tables = 6;
    private const int Transactions = 10;
    private const int MaxChanges = 4;

    private static readonly string[] Branches = ["main", "other"];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Random_transactions_on_two_branches_agree_with_a_plain_model()
    {
        var tables = int.TryParse(Environment.GetEnvironmentVariable("DLT_FUZZ_BRANCHES"), CultureInfo.InvariantCulture, out var wanted)
            ? wanted : Tables;
        for (var seed = 0; seed < tables; seed++) await ChangeAsync(seed);
    }

    private async Task ChangeAsync(int seed)
    {
        var random = new Random(seed);
        var catalog = new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() };
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long), IsRequired: true),
            new(2, "v", new PrimitiveType(PrimitiveKind.Long))], 0, [1]);
        var spec = seed % 2 == 0 ? PartitionSpec.Unpartitioned : new PartitionSpec(0, [new(1, 1000, "id_bucket", Transform.Bucket(2))]);
        var quick = new Dictionary<string, string>
        {
            ["commit.retry.min-wait-ms"] = "1",
            ["commit.retry.max-wait-ms"] = "1",
            ["commit.manifest.min-count-to-merge"] = "3",
        };
        var table = await catalog.CreateTableAsync(new("db", $"t{seed}"), schema, spec, properties: quick, cancellationToken: Cancellation);
        table = await table.NewTransaction().Append(await FilesAsync(table, [[0L, 0L], [1L, 1L]])).CommitAsync(Cancellation);
        table = await table.NewTransaction().CreateBranch("other").CommitAsync(Cancellation);
        var models = Branches.ToDictionary(b => b, _ => new SortedDictionary<long, long> { [0] = 0, [1] = 1 });
        var done = new List<string>();
        for (var i = 0; i < Transactions; i++)
        {
            var branch = Branches[random.Next(Branches.Length)];
            var transaction = table.NewTransaction(branch);
            done.Add($"on {branch}:");
            for (var change = random.Next(MaxChanges) + 1; change > 0; change--)
                done.Add(await ChangeAsync(table, transaction, models[branch], random));
            if (random.Next(3) == 0) done.Add(await BesideAsync(table, branch, models, random));
            table = await transaction.CommitAsync(Cancellation);
            if (random.Next(6) == 0) table = await table.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation);
            if (random.Next(6) == 0) table = await table.RewriteManifestsAsync(Cancellation);
            var why = $"seed {seed}: {string.Join(" ", done)}";
            foreach (var (name, model) in models)
            {
                var rows = await RowsAsync(table, name);
                Assert.True(model.Select(r => (r.Key, r.Value)).SequenceEqual(rows), $"{name}, {why}");
            }
        }
    }

    private static async Task<string> ChangeAsync(Table table, Transaction transaction, SortedDictionary<long, long> model, Random random)
    {
        var mode = random.Next(2) == 0 ? RowChangeMode.CopyOnWrite : RowChangeMode.MergeOnRead;
        var id = random.Next(12);
        switch (random.Next(4))
        {
            case 0:
                object?[][] rows = [.. Enumerable.Range(0, 3).Select(n => (long)((id + n) % 12))
                    .Where(n => !model.ContainsKey(n)).Select(n => new object?[] { n, n })];
                foreach (var row in rows) model.Add((long)row[0]!, (long)row[1]!);
                transaction.Append(await FilesAsync(table, rows));
                return $"append {rows.Length} from {id},";
            case 1:
                foreach (var key in model.Keys.Where(k => k >= id && k < id + 4).ToList()) model.Remove(key);
                await transaction.DeleteAsync(Filter.And(Filter.GreaterOrEqual("id", id), Filter.Less("id", id + 4)), mode, Cancellation);
                return $"delete {id} to {id + 3} {mode},";
            case 2:
                foreach (var key in model.Keys.Where(k => k >= id).ToList()) model[key] += 100;
                await transaction.UpdateAsync(Filter.GreaterOrEqual("id", id), r => [r[0], (long)r[1]! + 100], mode, Cancellation);
                return $"update from {id} {mode},";
            default:
                object?[][] given = [[(long)id, 7L], [(long)((id + 5) % 12), 8L]];
                foreach (var row in given) model[(long)row[0]!] = (long)row[1]!;
                await transaction.UpsertAsync(given, mode: mode, cancellationToken: Cancellation);
                return $"upsert {id} and {(id + 5) % 12} {mode},";
        }
    }

    /// <summary>A concurrent commit without a conflict: a change of the other branch, or of the metadata.</summary>
    private static async Task<string> BesideAsync(
        Table table, string branch, Dictionary<string, SortedDictionary<long, long>> models, Random random)
    {
        var other = Branches.Single(b => b != branch);
        if (random.Next(2) == 0)
        {
            await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = $"{random.Next()}" })
                .CommitAsync(Cancellation);
            return "beside a property,";
        }

        models[other].Remove(models[other].Keys.DefaultIfEmpty(-1).First());
        var rows = await RowsAsync(table, other);
        if (rows.Count == 0) return "";
        var id = rows[0].Id;
        await (await table.NewTransaction(other).DeleteAsync(Filter.Equal("id", id), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        return $"beside {id} deleted on {other},";
    }

    private static async Task<List<(long Id, long Value)>> RowsAsync(Table table, string branch)
    {
        var rows = await TableScanRows.ReadAsync(table.Scan().UseRef(branch));
        return [.. rows.Select(r => (Number(r[0]!), Number(r[1]!))).Order()];

        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<DataFile>> FilesAsync(Table table, object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await writer.CompleteAsync(Cancellation);
    }
}

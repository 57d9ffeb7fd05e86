using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions;

/// <summary>Commits that end at any of their steps, or whose answer is lost (docs/spec/iceberg.md 6.8).</summary>
public sealed class CommitStepTests : IDisposable
{
    private static readonly Schema Items = new(
        [new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "v", new PrimitiveType(PrimitiveKind.String))]);
    private static readonly ScanRow[] Before = [new("1", "a"), new("2", "b"), new("3", "c")];
    private static readonly ScanRow[] After = [new("10", "x"), new("2", "b"), new("3", "c")];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_writer_that_ends_at_any_step_leaves_the_old_or_the_new_table_and_orphans_that_the_cleaner_finds(bool isLastDone)
    {
        var (old, changed) = (0, 0);
        for (var end = 1; ; end++)
        {
            var account = await FilledAsync($"{end}");
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var isDone = true;
            try
            {
                await ChangeAsync(new GlueCatalog(
                    steps.Watch(account.Glue), steps.Watch(account.Objects))
                { DataFileReader = new ParquetDataFileReader() });
            }
            catch (Steps.EndedException)
            {
                isDone = false;
            }

            var table = await LoadAsync(account);
            var rows = await TableScanRows.ReadAsync(table.Scan());
            Assert.True(rows.SequenceEqual(Before) || rows.SequenceEqual(After), string.Join(", ", rows));
            if (isDone) Assert.Equal(After, rows);
            Assert.Equal(rows.SequenceEqual(Before) ? 1 : 3, table.Metadata.Snapshots.Length);
            (old, changed) = rows.SequenceEqual(Before) ? (old + 1, changed) : (old, changed + 1);

            // Ten days later the cleaner deletes exactly the files that the table does not need.
            var later = await new GlueCatalog(account.Glue, account.Objects,
                time: new Later())
            { DataFileReader = new ParquetDataFileReader() }.LoadTableAsync(new("shop", "items"), Cancellation);
            var orphans = await later.RemoveOrphanFilesAsync(cancellationToken: Cancellation);
            Assert.Empty(await later.RemoveOrphanFilesAsync(cancellationToken: Cancellation));
            if (isDone) Assert.Empty(orphans);
            foreach (var snapshot in later.Metadata.Snapshots) await TableScanRows.ReadAsync(later.Scan().UseSnapshot(snapshot.SnapshotId));
            Assert.Equal(rows, await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));
            Assert.Equal(After,
                await TableScanRows.ReadAsync(
                    (rows.SequenceEqual(Before) ? await ChangeAsync(Catalog(account)) : await LoadAsync(account)).Scan()));
            if (isDone) break;
        }

        Assert.True(old > 5 && changed > 1, $"The writer ended {old} times before its commit and {changed} times after it.");
    }

    [Fact]
    public async Task A_lost_answer_to_a_commit_that_was_made_is_a_success_and_nothing_is_applied_twice()
    {
        var account = await FilledAsync("a");
        var table = await ChangeAsync(
            new GlueCatalog(WithoutAnswers(account.Glue, isDone: true), account.Objects) { DataFileReader = new ParquetDataFileReader() });
        Assert.Equal(After, await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal(3, (await LoadAsync(account)).Metadata.Snapshots.Length);
        Assert.Equal(table.MetadataLocation, (await LoadAsync(account)).MetadataLocation);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_commit_that_was_sent_twice_does_not_conflict_with_itself(bool isFollowed)
    {
        var account = await FilledAsync("a");
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            ((Task)call()!).GetAwaiter().GetResult();
            if (isFollowed) AppendAsync(account, 4, "d").GetAwaiter().GetResult();
            return call();   // the version of this call is no longer current
        });
        await ChangeAsync(new GlueCatalog(glue, account.Objects) { DataFileReader = new ParquetDataFileReader() });
        Assert.Equal(isFollowed ? [.. After, new("4", "d")] : After, await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));
    }

    [Fact]
    public async Task A_transaction_that_is_found_committed_is_over_and_leaves_no_file_of_earlier_attempts()
    {
        var account = await FilledAsync("a");
        var attempts = 0;
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            if (++attempts == 1) AppendAsync(account, 4, "d").GetAwaiter().GetResult();
            else ((Task)call()!).GetAwaiter().GetResult();
            return call();   // the version of this call is no longer current
        });
        var catalog = new GlueCatalog(glue, account.Objects) { DataFileReader = new ParquetDataFileReader() };
        var transaction = (await catalog.LoadTableAsync(new("shop", "items"), Cancellation)).NewTransaction();
        await transaction.DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Equal(2, attempts);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync(Cancellation));
        Assert.Contains("is committed", error.Message, StringComparison.Ordinal);
        var later = await new GlueCatalog(account.Glue, account.Objects, time: new Later())
            .LoadTableAsync(new("shop", "items"), Cancellation);
        Assert.DoesNotContain(await later.RemoveOrphanFilesAsync(cancellationToken: Cancellation),
            f => f.Contains("/snap-", StringComparison.Ordinal));
        Assert.Equal([new("2", "b"), new("3", "c"), new("4", "d")], await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_table_whose_making_was_answered_late_is_made_once(bool isSentTwice)
    {
        var account = await FilledAsync("a");
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            if (method != nameof(IGlueCatalog.CreateTableAsync)) return call();
            ((Task)call()!).GetAwaiter().GetResult();
            return isSentTwice ? call() : throw new GlueException("InternalServiceException", "no answer");
        });
        var made = await new GlueCatalog(glue, account.Objects).CreateTableAsync(
            new("shop", "more"), Items, cancellationToken: Cancellation);
        Assert.Equal(made.MetadataLocation, (await Catalog(account).LoadTableAsync(new("shop", "more"), Cancellation)).MetadataLocation);
    }

    [Fact]
    public async Task A_lost_answer_that_the_table_does_not_explain_is_an_error_and_no_file_is_deleted()
    {
        var account = await FilledAsync("a");
        var files = await FilesAsync(account);
        var error = await Assert.ThrowsAsync<IcebergException>(() =>
            ChangeAsync(new GlueCatalog(WithoutAnswers(account.Glue, isDone: false),
                account.Objects)
            { DataFileReader = new ParquetDataFileReader() }));
        Assert.Equal(IcebergError.CommitStateUnknown, error.Error);
        Assert.Equal(Before, await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));
        var now = await FilesAsync(account);
        Assert.Contains(now, f => error.File!.EndsWith(f, StringComparison.Ordinal));
        Assert.Empty(files.Except(now));
        Assert.Equal(After, await TableScanRows.ReadAsync((await ChangeAsync(Catalog(account))).Scan()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_patient_commit_that_may_not_have_arrived_is_sent_again_and_made_once(bool arrivesLate)
    {
        var account = await FilledAsync("a");
        Func<object?>? first = null;
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            if (first is null)
            {
                first = call;
                throw new GlueException("InternalServiceException", "no answer");
            }

            if (arrivesLate) ((Task)first()!).GetAwaiter().GetResult();
            arrivesLate = false;
            return call();
        });
        var catalog = new GlueCatalog(glue, account.Objects, time: new NoWaits()) { DataFileReader = new ParquetDataFileReader() };
        await ChangeAsync(catalog, isPatient: true);
        var table = await new GlueCatalog(account.Glue, account.Objects, time: new Later())
        { DataFileReader = new ParquetDataFileReader() }.LoadTableAsync(new("shop", "items"), Cancellation);
        Assert.Equal(After, await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal(3, table.Metadata.Snapshots.Length);
        Assert.Empty(await table.RemoveOrphanFilesAsync(cancellationToken: Cancellation));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_lost_answer_and_a_table_that_cannot_be_read_afterwards_keep_all_files(bool isMissing)
    {
        var account = await FilledAsync("a");
        var files = await FilesAsync(account);
        var isSent = false;
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            if (isSent && isMissing && method == nameof(IGlueCatalog.GetTableAsync)) return Task.FromResult<GlueTable?>(null);
            if (isSent) throw new GlueException("InternalServiceException", "no answer");
            if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
            ((Task)call()!).GetAwaiter().GetResult();
            isSent = true;
            throw new GlueException("InternalServiceException", "no answer");
        });
        var catalog = new GlueCatalog(glue, account.Objects) { DataFileReader = new ParquetDataFileReader() };
        var error = await Assert.ThrowsAsync<IcebergException>(() => ChangeAsync(catalog));

        Assert.Equal(IcebergError.CommitStateUnknown, error.Error);
        Assert.Contains("cannot be read, so the commit may have been made. All files were kept", error.Message, StringComparison.Ordinal);
        Assert.Empty(files.Except(await FilesAsync(account)));
        Assert.Equal(After, await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));   // it was made
    }

    [Fact]
    public async Task A_commit_that_cannot_tidy_up_is_still_a_commit()
    {
        var account = await FilledAsync("a");
        var isCommitted = false;
        var glue = Steps.Intercept(account.Glue, (method, call) =>
        {
            var answer = call();
            isCommitted |= method == nameof(IGlueCatalog.UpdateTableAsync);
            return answer;
        });
        var objects = Steps.Intercept(account.Objects, (_, call) => isCommitted ? throw new DltException("The store is gone.") : call());
        var table = await ChangeAsync(new GlueCatalog(glue, objects) { DataFileReader = new ParquetDataFileReader() });
        Assert.Equal((await LoadAsync(account)).MetadataLocation, table.MetadataLocation);
        Assert.Equal(After, await TableScanRows.ReadAsync((await LoadAsync(account)).Scan()));
    }

    private static IGlueCatalog WithoutAnswers(IGlueCatalog glue, bool isDone) => Steps.Intercept(glue, (method, call) =>
    {
        if (method != nameof(IGlueCatalog.UpdateTableAsync)) return call();
        if (isDone) ((Task)call()!).GetAwaiter().GetResult();
        throw new GlueException("InternalServiceException", "no answer");
    });

    /// <summary>Deletes row 1, and adds row 10.</summary>
    private static async Task<Table> ChangeAsync(GlueCatalog catalog, bool isPatient = false)
    {
        var table = await catalog.LoadTableAsync(new("shop", "items"), Cancellation);
        var begun = isPatient ? table.NewTransaction().Patiently() : table.NewTransaction();
        var transaction = await begun.DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([10L, "x"], Cancellation);
        return await transaction.Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private async Task<LocalAthena> FilledAsync(string name)
    {
        var account = new LocalAthena(_folder.File(name));
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        await account.Glue.CreateDatabaseAsync(new() { Name = "shop", LocationUri = "s3://lake/shop" }, Cancellation);
        var quick = new Dictionary<string, string>
        {
            ["commit.status-check.min-wait-ms"] = "1",
            ["commit.status-check.max-wait-ms"] = "1",
            ["commit.retry.min-wait-ms"] = "1",
        };
        var table = await Catalog(account).CreateTableAsync(
            new("shop", "items"), Items, properties: quick, cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1L, "a"], Cancellation);
        await writer.AddAsync([2L, "b"], Cancellation);
        await writer.AddAsync([3L, "c"], Cancellation);
        await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        return account;
    }

    private static async Task AppendAsync(LocalAthena account, long id, string v)
    {
        var table = await LoadAsync(account);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([id, v], Cancellation);
        await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private static GlueCatalog Catalog(LocalAthena account) => Athena.IcebergCatalog(account);

    private static Task<Table> LoadAsync(LocalAthena account) => Catalog(account).LoadTableAsync(new("shop", "items"), Cancellation);

    private static async Task<List<string>> FilesAsync(LocalAthena account) =>
        await account.Objects.ListAsync("lake", "", Cancellation).Select(o => o.Location.Key).ToListAsync(Cancellation);

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(10);
    }
}

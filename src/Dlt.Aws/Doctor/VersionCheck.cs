using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Looks whether the catalog refuses an update that was made on an older version of a table, which decides between two loads that change
/// the same table. It makes a table in the database of the dataset and removes it.
/// </summary>
internal sealed class VersionCheck() : DoctorCheck("table versions")
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.IsReadOnly) return Ok("not checked, because the destination is read_only");
        var glue = context.Account.Glue;
        if (await context.Account.CatalogLookup.FindAsync(cancellationToken).ConfigureAwait(false) is { IsForeign: true })
            return Ok("not checked: this catalog has no versions, and a load holds the lease of its dataset");
        if (context.Options.Database is not { } database)
            return Ok("not checked: name a dataset that exists with --dataset, for a trial table in its database");
        if (await glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is null)
            return Ok($"not checked: the database '{database}' does not exist yet. Check again after the first load");
        var name = $"_dlt_doctor_{Guid.NewGuid():N}";
        var trial = new GlueTableInput { Name = name, Description = "Trial of dlt doctor", PartitionKeys = [] };
        string? left;
        CheckResult result;
        var isMade = false;
        try
        {
            await glue.CreateTableAsync(database, trial, cancellationToken).ConfigureAwait(false);
            isMade = true;
            result = await LookAsync(glue, database, trial, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (!isMade && error.ErrorCode == "AccessDeniedException")
        {
            return Warning($"{error.Message} So new tables cannot be made, and it was not tried whether the catalog refuses an update of a "
                + "table that was changed meanwhile.");
        }
        catch (DltException error)
        {
            left = await RemoveAsync(context, database, trial.Name).ConfigureAwait(false);
            if (left is null) throw;
            throw new DltException($"{error.Message} {left}", error);
        }
        catch
        {
            await RemoveAsync(context, database, trial.Name).ConfigureAwait(false);
            throw;
        }

        left = await RemoveAsync(context, database, trial.Name).ConfigureAwait(false);
        return left is null ? result : Failed($"{result.Message.TrimEnd('.')}. {left}");
    }

    private async Task<CheckResult> LookAsync(
        IGlueCatalog glue, string database, GlueTableInput trial, CancellationToken cancellationToken)
    {
        var first = await glue.GetTableAsync(database, trial.Name, cancellationToken).ConfigureAwait(false)
            ?? throw new DltException($"The table '{database}.{trial.Name}' was created and is not found.");
        Task UpdateAsync() => glue.UpdateTableAsync(
            database, trial, first.VersionId, skipArchive: true, cancellationToken: cancellationToken);
        await UpdateAsync().ConfigureAwait(false);
        try
        {
            await UpdateAsync().ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsConflict)
        {
            return Ok("the catalog refuses an update of a table that was changed meanwhile");
        }

        return Failed("The catalog ignores VersionId: it accepted an update of a table that was changed meanwhile. So two runs at once "
            + "can lose commits, without an error. Let only one run at a time write to this dataset, or use a catalog that refuses such "
            + "updates, as Glue of AWS does.");
    }

    /// <summary>Removes the trial, whether or not the checks were stopped.</summary>
    /// <returns>Why it stays; null if it does not.</returns>
    private static async Task<string?> RemoveAsync(DoctorContext context, string database, string name)
    {
        using var limit = new CancellationTokenSource(RemovalLimit, context.Waits.Time);
        try
        {
            await context.Account.Glue.DeleteTableAsync(database, name, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            return null;
        }
        catch (DltException error)
        {
            return $"{error.Message} The trial table {database}.{name} stays. Delete it: aws glue delete-table --database-name {database} "
                + $"--name {name}.";
        }
        catch (OperationCanceledException)
        {
            return $"Glue did not answer. The trial table {database}.{name} stays. Delete it: aws glue delete-table --database-name "
                + $"{database} --name {name}.";
        }
    }
}

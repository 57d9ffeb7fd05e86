using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Checks the rights to change tables without changing any: calls and statements name a table that does not exist, and Glue checks the
/// rights first.
/// </summary>
internal sealed class GlueWritingCheck() : DoctorCheck("Glue writing")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.IsReadOnly) return Ok("not checked, because the destination is read_only");
        var glue = context.Account.Glue;
        var probe = $"_dlt_doctor_{Guid.NewGuid():N}";
        if (await context.Account.CatalogLookup.FindAsync(cancellationToken).ConfigureAwait(false) is { IsForeign: true } foreign)
            return await CheckStatementAsync(context, foreign.Name, probe, cancellationToken).ConfigureAwait(false);
        var database = context.Options.Database ?? probe;
        var table = new GlueTableInput { Name = probe };
        try
        {
            await ExpectNotFoundAsync(() => glue.UpdateTableAsync(database, table, cancellationToken: cancellationToken))
                .ConfigureAwait(false);
            await ExpectNotFoundAsync(() => glue.DeleteTableAsync(database, probe, cancellationToken)).ConfigureAwait(false);
            if (await glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is not null)
                return Ok($"tables of '{database}' can be changed and deleted; whether they can be created shows the first load");
            await ExpectNotFoundAsync(() => glue.CreateTableAsync(database, table, cancellationToken)).ConfigureAwait(false);
            return Ok("tables can be created, changed and deleted");
        }
        catch (GlueException error) when (context.Options.Database is null && error.ErrorCode == "AccessDeniedException")
        {
            return Warning($"The login may not change databases of any name ({error.ErrorCode}). Name your dataset with --dataset to check "
                + "the rights on its database.");
        }
    }

    /// <summary>Drops a table that does not exist, in a catalog that only statements change.</summary>
    private async Task<CheckResult> CheckStatementAsync(
        DoctorContext context, string catalog, string probe, CancellationToken cancellationToken)
    {
        var account = context.Account;
        if (context.Options.Database is not { } database
            || await account.Glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is null)
            return Ok($"statements of Athena make and change the tables of '{catalog}'; whether they may, shows the first load");
        var sql = $"DROP TABLE IF EXISTS `{catalog}`.`{database}`.`{probe}`";
        var result = await account.Athena.ExecuteAsync(new(sql, database), cancellationToken).ConfigureAwait(false);
        await result.DisposeAsync().ConfigureAwait(false);
        return Ok($"statements of Athena drop tables of '{catalog}.{database}'; whether they may make them, shows the first load");
    }

    private static async Task ExpectNotFoundAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            // The call was allowed.
        }
    }
}

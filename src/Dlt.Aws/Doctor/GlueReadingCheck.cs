namespace Dlt.Aws;

/// <summary>Reads the database of the pipeline and its tables.</summary>
internal sealed class GlueReadingCheck() : DoctorCheck("Glue reading")
{
    private const string AnyDatabase = "default";

    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.Database ?? AnyDatabase;
        var glue = context.Account.Glue;
        var database = await glue.GetDatabaseAsync(name, cancellationToken).ConfigureAwait(false);
        await foreach (var table in glue.GetTablesAsync(name, cancellationToken).ConfigureAwait(false))
        {
            await glue.GetTableAsync(name, table.Name, cancellationToken).ConfigureAwait(false);
            break;
        }

        if (database is null && context.Options.Database is not null)
            return Ok($"databases can be read; '{name}' does not exist yet, the first load creates it");
        return Ok(context.Options.Database is null ? "databases and tables can be read" : $"the database '{name}' can be read");
    }
}

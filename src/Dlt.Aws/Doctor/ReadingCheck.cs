namespace Dlt.Aws;

/// <summary>Lists the folder of the data.</summary>
internal sealed class ReadingCheck() : DoctorCheck("reading")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var store = context.Account.Objects;
        await foreach (var found in store.ListAsync(context.Data.Bucket, context.Folder, cancellationToken).ConfigureAwait(false))
        {
            await store.GetAsync(found.Location, 0, 1, cancellationToken).ConfigureAwait(false);
            return Ok($"objects below {context.Data} can be listed and read");
        }

        return Ok($"objects below {context.Data} can be listed; there are none");
    }
}

using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Looks whether the store obeys conditional writes (<c>If-None-Match</c>), which decide between two machines that write the same object.
/// </summary>
internal sealed class ConditionCheck() : DoctorCheck("conditional writes")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.IsReadOnly) return Ok("not checked, because the destination is read_only");
        return await context.WithProbeAsync(
            "first"u8.ToArray(), PutCondition.MustNotExist, LookAsync, mustBeRemoved: false, cancellationToken).ConfigureAwait(false);

        async Task<CheckResult> LookAsync(ObjectLocation probe)
        {
            try
            {
                await context.Account.Objects.PutAsync(probe, "second"u8.ToArray(), PutCondition.MustNotExist, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (PreconditionFailedException)
            {
                return Ok("the store refuses to overwrite an object that must not exist");
            }

            return Failed("The store ignores If-None-Match and overwrote an object that must not exist, so two runs at once could lose "
                + "rows. Use a store with conditional writes, or let only one run at a time write to this dataset.");
        }
    }
}

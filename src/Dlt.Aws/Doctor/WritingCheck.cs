using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>Writes an object, reads it back and removes it.</summary>
internal sealed class WritingCheck() : DoctorCheck("writing")
{
    private static readonly byte[] Content = "probe of dlt doctor"u8.ToArray();

    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.IsReadOnly) return Ok("not checked, because the destination is read_only");
        return await context.WithProbeAsync(Content, default, LookAsync, mustBeRemoved: true, cancellationToken).ConfigureAwait(false);

        async Task<CheckResult> LookAsync(ObjectLocation probe)
        {
            var read = await context.Account.Objects.GetAsync(probe, cancellationToken: cancellationToken).ConfigureAwait(false);
            return read.AsSpan().SequenceEqual(Content)
                ? Ok($"objects below {context.Data} can be written, read and removed")
                : Failed($"The store returned other bytes of {probe} than were written. Loads would be damaged: use another store.");
        }
    }
}

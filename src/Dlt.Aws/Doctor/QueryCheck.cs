using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>Runs <c>SELECT 1</c>, which reads no data and costs nothing, and reads its result.</summary>
internal sealed class QueryCheck() : DoctorCheck("query")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var result = await context.Account.Athena.ExecuteAsync(new("SELECT 1"), cancellationToken).ConfigureAwait(false);
        await using (result.ConfigureAwait(false)) return Ok("a query ran, and its result was read");
    }
}

namespace Dlt.Aws;

/// <summary>Looks at the workgroup of queries: enabled, and where it wants results (docs/spec/aws-apis.md 2.9).</summary>
internal sealed class WorkGroupCheck() : DoctorCheck("workgroup")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.Account.WorkGroup ?? WorkGroup.Default;
        var results = context.Options.Account.QueryResultBucket is { Length: > 0 } bucket ? bucket : null;
        var group = await context.Account.Queries.GetWorkGroupAsync(name, cancellationToken).ConfigureAwait(false);
        if (!group.IsEnabled)
        {
            return Failed($"The workgroup '{name}' is disabled, so no query runs. Enable it: aws athena update-work-group --work-group "
                + $"{name} --state ENABLED");
        }

        if (group.ManagesResults)
        {
            return results is null
                ? Ok($"{name}, which keeps results itself")
                : Failed($"The workgroup '{name}' keeps results itself, and refuses queries that name a place for them. Remove "
                    + "query_result_bucket from [destination.athena].");
        }

        if (group.Enforces && group.OutputLocation is { } own)
        {
            return results is null || Same(results, own)
                ? Ok($"{name}, which writes results to {own}")
                : Warning($"The workgroup '{name}' writes results to {own} and ignores query_result_bucket ({results}). Remove or correct "
                    + "query_result_bucket in [destination.athena].");
        }

        if ((results ?? group.OutputLocation) is { } place) return Ok($"{name}, results go to {place}");
        return Failed($"Neither query_result_bucket nor the workgroup '{name}' says where results of queries go. Loads need none; for "
            + "queries set query_result_bucket in [destination.athena], such as \"s3://my-lake-results\".");
    }

    private static bool Same(string one, string other) => one.TrimEnd('/').Equals(other.TrimEnd('/'), StringComparison.Ordinal);
}

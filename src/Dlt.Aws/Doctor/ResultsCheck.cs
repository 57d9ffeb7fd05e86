using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>Looks whether the bucket for results of queries exists and is in the region of Athena, which cannot write to others.</summary>
internal sealed class ResultsCheck() : DoctorCheck("query results")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (context.Options.Account.QueryResultBucket is not { Length: > 0 } place) return Ok("the workgroup decides where they go");
        var bucket = ObjectLocation.Parse(place.TrimEnd('/')).Bucket;
        var login = context.AthenaLogin!;
        using var s3 = new S3Client(login, context.Waits);   // Athena writes with the rights of its caller
        var region = login.Region.SystemName;
        string? found;
        try
        {
            found = await BucketCheck.RegionOfAsync(s3, bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (BucketNotFoundException)
        {
            return Failed(BucketCheck.Missing(bucket, region));
        }

        return found is null || found == region ? Ok(place) : Failed(
            $"s3://{bucket} is in {found}, and Athena in {region} cannot write results there. Name a bucket in {region} in "
            + "query_result_bucket.");
    }
}
